using System.Reflection;
using System.Runtime.CompilerServices;
using PricingCore.Tests.Conventions;

namespace PricingCore.AspNetCore.Tests.Conventions;

/// <summary>
/// Goal: this package keeps the core's habits: its API changes only on purpose, its public types are documented, and options do what their documentation says.
/// Method: the core's own readers, on this assembly. With PRICINGCORE_ACCEPT_API=1 the text of the API is rewritten.
/// </summary>
public sealed class PackageConventionTests
{
    private static readonly Assembly Package = typeof(PricingEndpointOptions).Assembly;

    private static readonly PropertyInfo[] Options = typeof(PricingEndpointOptions).GetProperties();

    public static TheoryData<string> NumericOptions { get; } =
        [.. Options.Where(option => option.PropertyType == typeof(int) || option.PropertyType == typeof(TimeSpan)).Select(option => option.Name)];

    [Fact]
    public void PublicApi_IsTheApprovedOne()
    {
        string file = Path.Combine(Repository.Root, "tests", "PricingCore.AspNetCore.Tests", "Conventions", "PublicApi.txt");
        string now = PublicApiText.Of(Package);
        if (Environment.GetEnvironmentVariable("PRICINGCORE_ACCEPT_API") == "1")
        {
            File.WriteAllText(file, now);
        }

        Assert.Equal(File.ReadAllText(file).ReplaceLineEndings("\n"), now);
    }

    [Fact]
    public void PublicTypes_SayWhatTheyAreAndFromWhichThreads()
    {
        string[] silent = [.. Package.GetExportedTypes()
            .Where(type => !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false))
            .Where(type => XmlDocs.Text("T:" + type.FullName, "summary", Package) is not { Length: > 10 }
                || (!(type.IsEnum || type.IsAssignableTo(typeof(Exception)) || type is { IsAbstract: true, IsSealed: true }) && XmlDocs.Text("T:" + type.FullName, "threadsafety", Package) is null))
            .Select(type => type.FullName!)];

        Assert.True(silent.Length == 0, string.Join('\n', silent));
    }

    [Fact]
    public void Options_SayWhatTheyAreWhenNotSet()
    {
        string[] silent = [.. Options.Where(option => Words(option) is not { } words || !words.Contains("unless set", StringComparison.Ordinal)).Select(option => option.Name)];

        Assert.True(silent.Length == 0, $"No <value> with the default (\"... unless set\"): {string.Join(", ", silent)}");
    }

    [Theory]
    [MemberData(nameof(NumericOptions))]
    public void Options_HaveTheRangeAndDefaultThatTheyAreDocumentedWith(string name)
    {
        PropertyInfo option = typeof(PricingEndpointOptions).GetProperty(name)!;
        OptionRange? range = OptionRange.Parse(Words(option) ?? "", option.PropertyType);
        Assert.True(range is not null, $"{name}: '{Words(option)}' is not of the form \"From 1 to 64; 1 unless set.\"");

        Assert.Equal(range.Standard, option.GetValue(new PricingEndpointOptions()));
        Assert.Empty(ErrorsWith(option, range.Least));
        Assert.Empty(ErrorsWith(option, range.Most));
        Assert.StartsWith(name, Assert.Single(ErrorsWith(option, range.JustBelow)), StringComparison.Ordinal);
        Assert.StartsWith(name, Assert.Single(ErrorsWith(option, range.JustAbove)), StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> ErrorsWith(PropertyInfo option, object value)
    {
        var options = new PricingEndpointOptions();
        option.SetValue(options, value);
        return options.Validate();
    }

    private static string? Words(PropertyInfo option) => XmlDocs.Text($"P:{typeof(PricingEndpointOptions).FullName}.{option.Name}", "value", Package);
}
