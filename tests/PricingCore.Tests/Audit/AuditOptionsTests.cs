using System.Reflection;
using PricingCore.Audit;
using PricingCore.Tests.Conventions;

namespace PricingCore.Tests.Audit;

/// <summary>
/// Goal: what the documentation of an option says is what the code does.
/// Method: read each option's value element; set the option to the ends of its range and just beyond, and ask Validate.
/// </summary>
public sealed class AuditOptionsTests
{
    private static readonly PropertyInfo[] Options = typeof(AuditOptions).GetProperties();

    public static TheoryData<string> NumericOptions { get; } =
        [.. Options.Where(option => option.PropertyType == typeof(int) || option.PropertyType == typeof(TimeSpan)).Select(option => option.Name)];

    [Fact]
    public void Options_SayWhatTheyAreWhenNotSet() =>
        Assert.All(Options, option => Assert.Contains("unless set", WordsOf(option), StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(NumericOptions))]
    public void Option_HasTheDocumentedRangeAndDefault(string name)
    {
        PropertyInfo option = typeof(AuditOptions).GetProperty(name)!;
        OptionRange range = OptionRange.Parse(WordsOf(option), option.PropertyType)!;

        Assert.Equal(range.Standard, option.GetValue(new AuditOptions()));
        Assert.Empty(ErrorsWith(option, range.Least));
        Assert.Empty(ErrorsWith(option, range.Most));
        Assert.Contains(ErrorsWith(option, range.JustBelow), error => error.Contains(name, StringComparison.Ordinal));
        Assert.Contains(ErrorsWith(option, range.JustAbove), error => error.Contains(name, StringComparison.Ordinal));
    }

    [Fact]
    public void Validate_WhenSeveralOptionsAreWrong_NamesAllOfThem()
    {
        var options = new AuditOptions { Directory = " ", Level = (AuditLevel)7, QuoteSampling = double.NaN, RingCapacity = 100, UserKey = new byte[3] };

        string all = string.Join('\n', options.Validate());

        Assert.All(
            (string[])[nameof(AuditOptions.Directory), nameof(AuditOptions.Level), nameof(AuditOptions.QuoteSampling), nameof(AuditOptions.RingCapacity), nameof(AuditOptions.UserKey)],
            name => Assert.Contains(name, all, StringComparison.Ordinal));
        Assert.Empty(new AuditOptions().Validate());
    }

    private static IReadOnlyList<string> ErrorsWith(PropertyInfo option, object value)
    {
        var options = new AuditOptions();
        option.SetValue(options, value);
        return options.Validate();
    }

    private static string WordsOf(PropertyInfo option) => XmlDocs.Text($"P:{typeof(AuditOptions).FullName}.{option.Name}", "value") ?? "";
}
