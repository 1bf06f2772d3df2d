using System.Globalization;
using PricingCore.Audit;
using PricingCore.Cli.Training;
using PricingCore.Explanations;
using PricingCore.Features;
using PricingCore.Forecasts.Models;
using PricingCore.Surge;

namespace PricingCore.Cli.Explain;

/// <summary>One run of <c>pricing explain</c>.</summary>
internal sealed class ExplainJob(string auditFolder, string? modelPath, string? schemaChoice, bool isJson, TextWriter output)
{
    private const int IdHalf = 16; // Hexadecimal digits.

    /// <returns>The exit code.</returns>
    /// <exception cref="CommandFailedException">There is no such id, or the log, the model or the schema cannot be used.</exception>
    public int Run(string id)
    {
        (AuditedDecision decision, AuditedQuote? quote) = Find(id);
        (FeatureSchema schema, ModelExplainer? model) = OpenModel();
        QuoteExplanation explanation = Explainer.Explain(decision, quote, schema, model);
        output.WriteLine(isJson ? explanation.ToJson() : ExplainText.Of(explanation));
        return explanation.Recomputation.Agrees ? ExitCode.Ok : ExitCode.Failed;
    }

    private (AuditedDecision Decision, AuditedQuote? Quote) Find(string id)
    {
        try
        {
            var reader = new AuditReader(auditFolder);
            if (reader.TryFindQuote(id, out AuditedQuote? quote))
            {
                return reader.TryFindDecision(quote.DecisionId, out AuditedDecision? ofQuote)
                    ? (ofQuote, quote)
                    : throw new CommandFailedException($"{auditFolder} has the quote of request '{id}', but not its decision {quote.DecisionId}: it may be older than the log is kept");
            }

            return TryParse(id, out DecisionId decisionId) && reader.TryFindDecision(decisionId, out AuditedDecision? decision)
                ? (decision, null)
                : throw new CommandFailedException($"{auditFolder} has no request and no decision '{id}'");
        }
        catch (AuditException exception)
        {
            throw new CommandFailedException(exception.Message);
        }
    }

    private (FeatureSchema Schema, ModelExplainer? Model) OpenModel()
    {
        if (modelPath is null)
        {
            return (schemaChoice is null ? FeatureSchema.Mobility : SchemaChoice.Load(schemaChoice).Schema, null);
        }

        ModelPackage package;
        try
        {
            package = ModelPackage.Load(modelPath, allowRejected: true);
        }
        catch (ModelRefusedException exception)
        {
            throw new CommandFailedException($"{modelPath}: the model cannot be read") { Errors = [.. exception.Refusals.Select(refusal => refusal.ToString())] };
        }

        ModelSchema trained = package.Manifest.Schema;
        FeatureSchema schema = SchemaChoice.OfModel(modelPath, trained.Name, trained.Hash, schemaChoice).Schema;
        return ModelExplainer.TryOpen(package, schema, out ModelExplainer? model, out string reason)
            ? (schema, model)
            : throw new CommandFailedException($"{modelPath}: {reason}");
    }

    private static bool TryParse(string id, out DecisionId decision)
    {
        decision = default;
        if (id.Length != 2 * IdHalf
            || !ulong.TryParse(id.AsSpan(0, IdHalf), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong high)
            || !ulong.TryParse(id.AsSpan(IdHalf), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong low))
        {
            return false;
        }

        decision = new DecisionId(high, low);
        return true;
    }
}
