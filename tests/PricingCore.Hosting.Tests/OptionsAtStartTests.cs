using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using PricingCore.Tests;

namespace PricingCore.Hosting.Tests;

/// <summary>
/// Goal: a host with wrong options does not start, and one message says all that is wrong: key, value and legal range of each.
/// Method: hosts from configurations in memory.
/// </summary>
public sealed class OptionsAtStartTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Start_WhenMuchIsWrong_SaysAllOfIt()
    {
        File.WriteAllText(_folder.At("rules.json"), """{"rules":[{"region_id":"*","product_type":"*","base_price":12,"currency":"USD","colour":"red","size":1}]}""");
        File.WriteAllText(_folder.At("schema.json"), """{"name":"mine","features":["no_such_feature"]}""");
        HostApplicationBuilder builder = AppHost.Builder(
            ("PricingCore:MaxRegions", "0"),
            ("PricingCore:MaxProducts", "many"),
            ("PricingCore:QuoteValidity", "30"),
            ("PricingCore:OpenRegions", "perhaps"),
            ("PricingCore:Journal:KeepBytes", "1"),
            ("PricingCore:Audit:QuoteSampling", "2"),
            ("PricingCore:Journal:Durability", "Eternal"),
            ("PricingCore:MaxRegoins", "5"),
            ("PricingCore:RulesPollInterval", "1ms"),
            ("PricingCore:DefaultTimeZone", "Europe/Atlantis"),
            ("PricingCore:RulesFile", _folder.At("rules.json")),
            ("PricingCore:SchemaFile", _folder.At("schema.json")),
            ("PricingCore:SigningKeysFile", _folder.At("none.json")),
            ("PricingCore:Regions:0:Id", "a"),
            ("PricingCore:Regions:0:Latitude", "north"),
            ("PricingCore:Regions:0:Colour", "red"),
            ("PricingCore:Model", "demand"));
        builder.Services.AddPricingCore(builder.Configuration);
        using IHost host = builder.Build();

        string[] errors = [.. (await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken))).Failures];

        string[] expected =
        [
            "PricingCore:MaxRegions is 0; it must be from 1 to 1000000.",
            "PricingCore:MaxProducts is 'many'; write a whole number; it must be from 1 to 1000.",
            "PricingCore:QuoteValidity is '30'; write it as 00:00:30 or 30s (ms, s, m, h, d); it must be from 00:00:01 to 1.00:00:00.",
            "PricingCore:OpenRegions is 'perhaps'; it must be true or false.",
            "PricingCore:Journal:KeepBytes is 1; it must be from 1048576 to 1000000000000000.",
            "PricingCore:Audit:QuoteSampling is 2; it must be from 0 to 1.",
            "PricingCore:Journal:Durability is 'Eternal'; it must be None, Buffered, Durable.",
            "PricingCore:MaxRegoins is not known; the nearest is PricingCore:MaxRegions.",
            "PricingCore:RulesPollInterval is 00:00:00.0010000; it must be from 00:00:00.1000000 to 01:00:00.",
        ];
        Assert.All(expected, error => Assert.Contains(error, errors));
        Assert.Contains(errors, error => error.StartsWith("PricingCore:DefaultTimeZone: the system has no time zone", StringComparison.Ordinal));
        string[] ofRules = [.. errors.Where(error => error.StartsWith($"PricingCore:RulesFile: {_folder.At("rules.json")}: line 1", StringComparison.Ordinal))];
        Assert.True(ofRules.Length == 2, string.Join('\n', errors));
        Assert.Contains(errors, error => error.StartsWith("PricingCore:SchemaFile: ", StringComparison.Ordinal) && error.Contains("no_such_feature", StringComparison.Ordinal));
        Assert.Contains(errors, error => error.StartsWith("PricingCore:SigningKeysFile: ", StringComparison.Ordinal));
        Assert.Contains(errors, error => error.StartsWith("PricingCore:Regions:0:Latitude is 'north'", StringComparison.Ordinal));
        Assert.Contains(errors, error => error.StartsWith("PricingCore:Regions:0:Colour is not known", StringComparison.Ordinal));
        Assert.Contains(errors, error => error.StartsWith("PricingCore:Model is 'demand', but ModelsDirectory is not set", StringComparison.Ordinal));
        Assert.Equal(errors.Length, errors.Distinct().Count());
    }

    [Fact]
    public async Task Start_WhenTwoEnginesAreWrong_SaysBoth()
    {
        HostApplicationBuilder builder = AppHost.Builder(("East:MaxRegions", "0"), ("West:MaxUnits", "0"));
        builder.Services.AddPricingCore("east", builder.Configuration.GetSection("East"));
        builder.Services.AddPricingCore("west", builder.Configuration.GetSection("West"));
        using IHost host = builder.Build();

        Exception refused = await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Contains("East:MaxRegions is 0", refused.Message, StringComparison.Ordinal);
        Assert.Contains("West:MaxUnits is 0", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WhenConfiguredInCode_NamesTheOptionAlone()
    {
        HostApplicationBuilder builder = AppHost.Builder();
        builder.Services.AddPricingCore(options => options.MaxRegions = 0);
        using IHost host = builder.Build();

        OptionsValidationException refused = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));

        Assert.Equal(["MaxRegions is 0; it must be from 1 to 1000000."], refused.Failures);
    }

    [Fact]
    public void Options_AreThoseOfConfigurationAndThenOfCode()
    {
        HostApplicationBuilder builder = AppHost.Builder(
            ("PricingCore:maxregions", "77"),
            ("PricingCore:MaxProducts", "7"),
            ("PricingCore:QuoteValidity", "90s"),
            ("PricingCore:DataDirectory", "data"),
            ("PricingCore:Regions:0:Id", "north"),
            ("PricingCore:Regions:0:TimeZone", "Europe/Paris"),
            ("PricingCore:Regions:0:Neighbours:0", "south"),
            ("PricingCore:Regions:1:Id", "south"));
        builder.Environment.ContentRootPath = _folder.Path;
        builder.Services.AddPricingCore(builder.Configuration, options => options.MaxProducts = 8);
        using IHost host = builder.Build();

        PricingOptions options = host.Services.GetRequiredService<IOptions<PricingOptions>>().Value;

        Assert.Equal(77, options.MaxRegions);
        Assert.Equal(8, options.MaxProducts);
        Assert.Equal(TimeSpan.FromSeconds(90), options.QuoteValidity);
        Assert.Equal(_folder.At("data", "journal"), options.Journal.Directory);
        Assert.Equal(_folder.At("data", "audit"), options.Audit.Directory);
        Assert.Equal(["north", "south"], options.Regions.Select(region => region.Id));
        Assert.Equal("Europe/Paris", options.Regions[0].TimeZone);
        Assert.Equal(["south"], options.Regions[0].Neighbours);
        Assert.False(Directory.Exists(_folder.At("data"))); // Reading options makes no files.
    }

    [Fact]
    public void Add_WhenTheNameIsTaken_Throws()
    {
        var services = new ServiceCollection();
        services.AddPricingCore("a", _ => { }).AddPricingCore(_ => { });

        Assert.Throws<ArgumentException>(() => services.AddPricingCore("a", _ => { }));
        Assert.Throws<ArgumentException>(() => services.AddPricingCore(_ => { }));
    }
}
