using System.Reflection;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Configuration;
using PricingCore.Hosting.Alerts;
using PricingCore.Hosting.Configuration;
using PricingCore.Tests.Conventions;

namespace PricingCore.Hosting.Tests.Configuration;

/// <summary>
/// Goal: every plain option can be set by its own name in a configuration, and what cannot be read is refused with key, text and legal range.
/// Method: the tables are compared with the properties by reflection, which the product does without; each numeric setting is given nonsense.
/// </summary>
public sealed class EngineSettingsTests
{
    private static readonly Type[] PlainTypes = [typeof(int), typeof(long), typeof(double), typeof(bool), typeof(string), typeof(TimeSpan)];

    public static TheoryData<string> RangedKeys { get; } = [.. EngineSettings.Engine.Where(setting => setting.Exceed is not null).Select(setting => setting.Key)];

    [Fact]
    public void Engine_HasEveryPlainOption() => Assert.Equal(
        PlainOptions(typeof(PricingOptions), "").Concat(PlainOptions(typeof(PricingCore.Journal.JournalOptions), "Journal:")).Concat(PlainOptions(typeof(PricingCore.Audit.AuditOptions), "Audit:"))
            .Concat(PlainOptions(typeof(PricingCore.Quality.QualityOptions), "Quality:")).Order(StringComparer.Ordinal),
        EngineSettings.Engine.Select(setting => setting.Key).Order(StringComparer.Ordinal));

    [Fact]
    public void Host_HasEveryPlainOption() => Assert.Equal(
        PlainOptions(typeof(PricingHostOptions), "")
            .Concat(PlainOptions(typeof(AlertOptions), "Alerts:")).Concat(PlainOptions(typeof(WebhookOptions), "Alerts:Webhook:")).Order(StringComparer.Ordinal), EngineSettings.Host.Select(setting => setting.Key).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(RangedKeys))]
    public void Refuse_WhenTheTextIsNonsense_NamesKeyTextAndRange(string key)
    {
        Setting<PricingOptions> setting = EngineSettings.Engine.Single(candidate => candidate.Key == key);

        Assert.False(setting.TryApply(new PricingOptions(), "nonsense"));
        string refusal = setting.Refuse("Section:" + key, "nonsense", options => options.Validate());
        Assert.StartsWith($"Section:{key} is 'nonsense'; write ", refusal, StringComparison.Ordinal);
        Assert.Matches("; it must be (from .+ to .+|a power of two)\\.$", refusal);
    }

    [Fact]
    public void Bind_ForAnyWholeNumber_SetsItOrRefusesIt() =>
        Check.One(Config.QuickThrowOnFailure, Prop.ForAll(Gen.Choose(int.MinValue, int.MaxValue).ToArbitrary(), number =>
        {
            var options = new PricingOptions();
            Section(("MaxRegions", number.ToString(System.Globalization.CultureInfo.InvariantCulture))).ApplyTo(options);
            Assert.Equal(number, options.MaxRegions);
            Assert.Equal(number is < 1 or > 1_000_000, options.Validate().Any(error => error.StartsWith("MaxRegions is ", StringComparison.Ordinal)));
        }));

    [Fact]
    public void Bind_ForAnyText_NeverThrows() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(ArbMap.Default.ArbFor<string>(), text =>
        {
            if (text is null)
            {
                return;
            }

            foreach (Setting<PricingOptions> setting in EngineSettings.Engine)
            {
                _ = setting.TryApply(new PricingOptions(), text);
            }
        }));

    [Theory]
    [InlineData("00:00:30", 30_000)]
    [InlineData("30s", 30_000)]
    [InlineData("1.5s", 1_500)]
    [InlineData("250ms", 250)]
    [InlineData("2m", 120_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("7d", 604_800_000)]
    [InlineData("1.00:00:00", 86_400_000)]
    public void Duration_ReadsWhatPeopleWrite(string text, long milliseconds)
    {
        Assert.True(Duration.TryParse(text, out TimeSpan value));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), value);
    }

    [Theory]
    [InlineData("30")] // .NET would take it for 30 days.
    [InlineData("")]
    [InlineData("s")]
    [InlineData("1e9s")]
    [InlineData("99999999999999999999d")]
    [InlineData("30 seconds")]
    public void Duration_RefusesWhatIsNotClear(string text) => Assert.False(Duration.TryParse(text, out _));

    [Theory]
    [InlineData("Durable", true)]
    [InlineData("buffered", true)]
    [InlineData("1", false)]
    [InlineData("Durable,Buffered", false)]
    [InlineData("", false)]
    public void Choice_IsAName(string text, bool isLegal) =>
        Assert.Equal(isLegal, EngineSettings.Engine.Single(setting => setting.Key == "Journal:Durability").TryApply(new PricingOptions(), text));

    [Fact]
    public void HostOptions_AreAsDocumented()
    {
        foreach (PropertyInfo option in typeof(PricingHostOptions).GetProperties().Where(option => option.PropertyType == typeof(TimeSpan)))
        {
            string words = XmlDocs.Text($"P:{typeof(PricingHostOptions).FullName}.{option.Name}", "value", typeof(PricingHostOptions).Assembly) ?? "";
            OptionRange range = OptionRange.Parse(words, option.PropertyType)!;
            Assert.Equal(range.Standard, option.GetValue(new PricingHostOptions()));
            Assert.Empty(ErrorsWith(option, range.Least));
            Assert.Empty(ErrorsWith(option, range.Most));
            Assert.Single(ErrorsWith(option, range.JustBelow));
            Assert.Single(ErrorsWith(option, range.JustAbove));
        }
    }

    [Theory]
    [InlineData("demand", true)]
    [InlineData("demand/1.0.0", true)]
    [InlineData("../secrets", false)]
    [InlineData("demand/..", false)]
    [InlineData("a/b/c", false)]
    [InlineData("", false)]
    [InlineData("/etc", false)]
    public void Model_StaysInItsDirectory(string model, bool isLegal) =>
        Assert.Equal(isLegal, new PricingHostOptions { ModelsDirectory = "models", Model = model }.Validate().Count == 0);

    private static IReadOnlyList<string> ErrorsWith(PropertyInfo option, object value)
    {
        var options = new PricingHostOptions();
        option.SetValue(options, value);
        return options.Validate();
    }

    private static EngineSection Section(params (string Key, string Value)[] values) => new(
        new ConfigurationBuilder().AddInMemoryCollection(values.Select(entry => KeyValuePair.Create(entry.Key, (string?)entry.Value))).Build());

    private static IEnumerable<string> PlainOptions(Type type, string prefix) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(option => option.CanWrite && (PlainTypes.Contains(option.PropertyType) || option.PropertyType.IsEnum))
        .Select(option => prefix + option.Name);
}
