using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using PricingCore.Audit;
using PricingCore.Features;
using PricingCore.Forecasts;
using PricingCore.Forecasts.Models;
using PricingCore.Numerics;
using PricingCore.Quotes;
using PricingCore.Rules;
using PricingCore.Storage;
using PricingCore.Surge;

namespace PricingCore.Cli.Tests.Explain;

/// <summary>
/// Goal: <c>pricing explain</c> finds a price by request and by decision, takes it apart, and fails when record and recomputation differ.
/// Method: an audit log on disk with one decision of the repository's own model and a quote of it; a second decision that was altered.
/// </summary>
public sealed class ExplainCommandTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly string Model = Path.Combine(Repository.Root, "models", "demand", "1.0.0");
    private readonly ScratchFolder _folder = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    private string Log => _folder["audit"];

    public void Dispose()
    {
        _folder.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task Explain_ARequest_PrintsSentenceLinesAndContributions()
    {
        SurgeDecision decision = WriteLog();

        Assert.Equal(ExitCode.Ok, await RunAsync("explain", "r-1", "--audit", Log, "--model", Model));

        string text = _output.ToString();
        Assert.Contains(" USD = 12.00 base ", text, StringComparison.Ordinal);
        Assert.Contains(decision.Id.ToString(), text, StringComparison.Ordinal);
        Assert.Contains("What moved the forecast of demand/1.0.0, 15 min ahead", text, StringComparison.Ordinal);
        Assert.Contains("booking_count_1min", text, StringComparison.Ordinal);
        Assert.DoesNotContain("earlier row", text, StringComparison.Ordinal);
        Assert.Contains("the same, to the last unit", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_ADecisionAsJson_AddsUp()
    {
        SurgeDecision decision = WriteLog();

        Assert.Equal(ExitCode.Ok, await RunAsync("explain", decision.Id.ToString(), "--audit", Log, "--model", Model, "--json"));

        using var json = JsonDocument.Parse(_output.ToString());
        JsonElement found = json.RootElement;
        Assert.Equal(JsonValueKind.Null, found.GetProperty("request_id").ValueKind);
        Assert.Equal(
            found.GetProperty("price").GetDecimal() * 100,
            found.GetProperty("breakdown").EnumerateArray().Sum(line => line.GetProperty("amount").GetInt64()));
        JsonElement parts = found.GetProperty("contributions");
        Assert.True(parts.GetProperty("is_the_priced_forecast").GetBoolean());
        Assert.Equal(
            parts.GetProperty("prediction").GetDouble(),
            parts.GetProperty("base_value").GetDouble() + parts.GetProperty("rounding_difference").GetDouble()
                + parts.GetProperty("features").EnumerateArray().Sum(part => part.GetProperty("contribution").GetDouble()),
            1e-6);
        Assert.Equal(FeatureSchema.Mobility.Count, found.GetProperty("features").GetArrayLength());
    }

    [Fact]
    public async Task Explain_AnAlteredDecision_FailsAndSaysWhatDiffers()
    {
        SurgeDecision decision = WriteLog(isAltered: true);

        Assert.Equal(ExitCode.Failed, await RunAsync("explain", decision.Id.ToString(), "--audit", Log));

        Assert.Contains("surge_multiplier: recorded", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_WhatIsNotThere_SaysSo()
    {
        WriteLog();

        Assert.Equal(ExitCode.Failed, await RunAsync("explain", "r-2", "--audit", Log));
        Assert.Contains("no request and no decision 'r-2'", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Failed, await RunAsync("explain", "r-1", "--audit", _folder["nowhere"]));
        Assert.Equal(ExitCode.Failed, await RunAsync("explain", "r-1", "--audit", Log, "--model", _folder["nowhere"]));
        Assert.Equal(ExitCode.WrongUsage, await RunAsync("explain", "r-1"));
    }

    private SurgeDecision WriteLog(bool isAltered = false)
    {
        ModelPackage package = ModelPackage.Load(Model);
        float[] row = package.Golden.Rows.AsSpan(0, FeatureSchema.Mobility.Count).ToArray();
        using OnnxForecaster model = OnnxForecaster.Load(package, FeatureSchema.Mobility);
        Forecast[] forecast = new Forecast[1];
        model.Predict(new ForecastBatch(15, row, row.Length, new RegionSignals[1]), forecast);
        RuleSet rules = RuleSet.Parse("""{"rules":[{"region_id":"*","product_type":"*","base_price":12.00,"currency":"USD"}]}""");
        PricingRule rule = rules.Find("midtown", "standard", Noon)!;
        var inputs = new SurgeInputs { DemandScore = forecast[0].DemandScore, Demand = forecast[0].ExpectedDemand, AvailableSupply = 2, Hour = 12 };
        SurgeOutcome outcome = SurgePolicy.Decide(rule, inputs);
        if (isAltered)
        {
            outcome = outcome with { Multiplier = SurgeMultiplier.FromSteps(outcome.Multiplier.Steps + 1) };
        }

        var decision = new SurgeDecision
        {
            RegionId = "midtown",
            ProductType = "standard",
            Id = new DecisionId(0x0123456789abcdef, (ulong)UnixMicros.From(Noon) << 12),
            DecidedAt = Noon,
            HoldsUntil = Noon.AddSeconds(30),
            HoldsUntilMicros = UnixMicros.From(Noon.AddSeconds(30)),
            Outcome = outcome,
            Inputs = inputs,
            Forecast = forecast[0],
            ForecastSource = ForecastSource.Model,
            ModelVersion = model.ModelVersion,
            Rule = rule,
            RuleNumber = rules.NumberOf("midtown", "standard", Noon),
            RulesVersion = rules.Version,
            RulePriceMinorUnits = QuotePrice.Of(rule, 1_200, outcome.Multiplier),
        };
        using var log = new AuditLog(new AuditOptions { Directory = Log, Level = AuditLevel.Quote }, DiskFileStore.Instance, row.Length, NullLogger.Instance);
        long now = UnixMicros.From(Noon);
        log.Start(now);
        log.Use(rules);
        Assert.True(log.TryReserve() && log.TryReserve());
        log.Record(decision, lane: 0, ordinal: 1, journalSequence: 1, now, row);
        var request = new QuoteRequest("midtown") { RequestId = "r-1" };
        log.Record(new Quote(request, decision, 1_200, decision.RulePriceMinorUnits, now + 120_000_000, cached: false), now);
        Assert.True(log.Flush(TimeSpan.FromSeconds(10)));
        return decision;
    }

    private Task<int> RunAsync(params string[] args) => PricingCommandLine.RunAsync(args, _output, _error);
}
