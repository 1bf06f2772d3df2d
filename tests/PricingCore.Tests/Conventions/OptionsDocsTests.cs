using System.Reflection;

namespace PricingCore.Tests.Conventions;

/// <summary>
/// Goal: what the documentation of an option says is what the code does.
/// Method: read each option's value element; set the option to the ends of its range and just beyond, and ask Validate.
/// </summary>
public sealed class OptionsDocsTests
{
    private static readonly PropertyInfo[] Options = typeof(PricingOptions).GetProperties();

    public static TheoryData<string> NumericOptions { get; } =
        [.. Options.Where(option => option.PropertyType == typeof(int) || option.PropertyType == typeof(TimeSpan)).Select(option => option.Name)];

    [Fact]
    public void Options_SayWhatTheyAreWhenNotSet()
    {
        string[] silent = [.. Options
            .Where(option => XmlDocs.Text(Id(option), "value") is not { } words
                || !(words.Contains("unless set", StringComparison.Ordinal) || words.Contains("No default", StringComparison.Ordinal)))
            .Select(option => option.Name)];

        Assert.True(silent.Length == 0, $"No <value> with the default (\"... unless set\"): {string.Join(", ", silent)}");
    }

    [Theory]
    [MemberData(nameof(NumericOptions))]
    public void Default_IsTheDocumentedOne(string name) =>
        Assert.Equal(Documented(name).Standard, Option(name).GetValue(new PricingOptions()));

    [Theory]
    [MemberData(nameof(NumericOptions))]
    public void Validate_TakesBothEndsOfTheRange(string name)
    {
        OptionRange range = Documented(name);

        Assert.DoesNotContain(ErrorsWith(name, range.Least), error => error.Contains(name, StringComparison.Ordinal));
        if (name != nameof(PricingOptions.Shards)) // Its upper end is the number of cores, where that is less.
        {
            Assert.DoesNotContain(ErrorsWith(name, range.Most), error => error.Contains(name, StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(NumericOptions))]
    public void Validate_NamesTheOptionJustOutsideTheRange(string name)
    {
        OptionRange range = Documented(name);

        Assert.Contains(ErrorsWith(name, range.JustBelow), error => error.Contains(name, StringComparison.Ordinal));
        Assert.Contains(ErrorsWith(name, range.JustAbove), error => error.Contains(name, StringComparison.Ordinal));
    }

    [Fact]
    public void Validate_WhenSeveralOptionsAreWrong_NamesAllOfThem()
    {
        var options = new PricingOptions { MaxRegions = 0, QuoteValidity = TimeSpan.Zero, RingCapacityEvents = 100 };

        string all = string.Join('\n', options.Validate());

        Assert.Contains(nameof(PricingOptions.MaxRegions), all, StringComparison.Ordinal);
        Assert.Contains(nameof(PricingOptions.QuoteValidity), all, StringComparison.Ordinal);
        Assert.Contains(nameof(PricingOptions.RingCapacityEvents), all, StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> ErrorsWith(string name, object value)
    {
        var options = new PricingOptions();
        Option(name).SetValue(options, value);
        return options.Validate();
    }

    private static OptionRange Documented(string name)
    {
        PropertyInfo option = Option(name);
        string words = XmlDocs.Text(Id(option), "value") ?? "";
        OptionRange? range = OptionRange.Parse(words, option.PropertyType);
        Assert.True(range is not null, $"{name}: '{words}' is not of the form \"From 1 to 64; 1 unless set.\"");
        return range;
    }

    private static PropertyInfo Option(string name) => typeof(PricingOptions).GetProperty(name)!;

    private static string Id(PropertyInfo option) => $"P:{typeof(PricingOptions).FullName}.{option.Name}";
}
