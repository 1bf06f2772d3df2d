using PricingCore.Tests.Conventions;
using PricingCore.Tokens;
using static PricingCore.Tests.Tokens.SampleQuotes;

namespace PricingCore.Tests.Tokens;

/// <summary>
/// Goal: what the documentation of an option of signing says is what the code does.
/// Method: read the value element; set the option to the ends of its range and just beyond, and ask Validate.
/// </summary>
public sealed class SigningOptionsTests
{
    [Theory]
    [InlineData(nameof(SigningOptions.ClockSkewGrace))]
    [InlineData(nameof(SigningOptions.MaxRedemptions))]
    public void Validate_TakesTheDocumentedRange(string name)
    {
        var option = typeof(SigningOptions).GetProperty(name)!;
        string words = XmlDocs.Text($"P:{typeof(SigningOptions).FullName}.{name}", "value") ?? "";
        OptionRange? range = OptionRange.Parse(words, option.PropertyType);
        Assert.True(range is not null, words);

        Assert.Equal(range.Standard, option.GetValue(new SigningOptions()));
        Assert.Empty(ErrorsWith(range.Least));
        Assert.Empty(ErrorsWith(range.Most));
        Assert.Contains(name, Assert.Single(ErrorsWith(range.JustBelow)), StringComparison.Ordinal);
        Assert.Contains(name, Assert.Single(ErrorsWith(range.JustAbove)), StringComparison.Ordinal);

        IReadOnlyList<string> ErrorsWith(object value)
        {
            var options = new SigningOptions { Keys = new QuoteKeys(Key("k1")) };
            option.SetValue(options, value);
            return options.Validate();
        }
    }
}
