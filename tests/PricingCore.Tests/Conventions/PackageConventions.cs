using System.Reflection;
using System.Runtime.CompilerServices;

namespace PricingCore.Tests.Conventions;

/// <summary>
/// Goal: a package beside the core keeps the core's habits: its API changes only on purpose, its public types are documented, and options do what their documentation says.
/// Method: the core's own readers, on the package's assembly. With PRICINGCORE_ACCEPT_API=1 the text of the API is rewritten.
/// </summary>
/// <param name="package">The package.</param>
/// <param name="testProject">The folder below tests/ with the approved text, in Conventions/PublicApi.txt.</param>
/// <param name="newOptions">Options as they are when nothing is set but what must be, and their own check.</param>
public abstract class PackageConventions(Assembly package, string testProject, params PackageOptions[] newOptions)
{
    [Fact]
    public void PublicApi_IsTheApprovedOne()
    {
        string file = Path.Combine(Repository.Root, "tests", testProject, "Conventions", "PublicApi.txt");
        string now = PublicApiText.Of(package);
        if (Environment.GetEnvironmentVariable("PRICINGCORE_ACCEPT_API") == "1")
        {
            File.WriteAllText(file, now);
        }

        Assert.Equal(File.ReadAllText(file).ReplaceLineEndings("\n"), now);
    }

    [Fact]
    public void PublicTypes_SayWhatTheyAreAndFromWhichThreads()
    {
        string[] silent = [.. package.GetExportedTypes()
            .Where(type => !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false))
            .Where(type => XmlDocs.Text("T:" + type.FullName, "summary", package) is not { Length: > 10 }
                || (!(type.IsEnum || type.IsAssignableTo(typeof(Exception)) || type is { IsAbstract: true, IsSealed: true }) && XmlDocs.Text("T:" + type.FullName, "threadsafety", package) is null))
            .Select(type => type.FullName!)];

        Assert.True(silent.Length == 0, string.Join('\n', silent));
    }

    [Fact]
    public void Options_SayWhatTheyAreWhenNotSet()
    {
        string[] silent = [.. newOptions.SelectMany(kind => kind.Properties)
            .Where(option => Words(option) is not { } words || !(words.Contains("unless", StringComparison.Ordinal) || words.Contains("must be set", StringComparison.Ordinal)))
            .Select(option => $"{option.DeclaringType!.Name}.{option.Name}")];

        Assert.True(silent.Length == 0, $"No <value> with the default (\"... unless set\"): {string.Join(", ", silent)}");
    }

    [Fact]
    public void Options_HaveTheRangeAndDefaultThatTheyAreDocumentedWith()
    {
        string[] wrong = [.. newOptions.SelectMany(kind => kind.Properties.Where(option => option.PropertyType == typeof(int) || option.PropertyType == typeof(TimeSpan)).SelectMany(option => FindWrong(kind, option)))];

        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
    }

    private IEnumerable<string> FindWrong(PackageOptions kind, PropertyInfo option)
    {
        string name = $"{option.DeclaringType!.Name}.{option.Name}";
        if (OptionRange.Parse(Words(option) ?? "", option.PropertyType) is not { } range)
        {
            return [$"{name}: '{Words(option)}' is not of the form \"From 1 to 64; 1 unless set.\""];
        }

        return new (string Promise, bool IsKept)[]
        {
            ("the default", Equals(range.Standard, option.GetValue(kind.New()))),
            ("the least value is legal", ErrorsWith(range.Least).Count == 0),
            ("the largest value is legal", ErrorsWith(range.Most).Count == 0),
            ("less is refused, by name", IsNamed(ErrorsWith(range.JustBelow))),
            ("more is refused, by name", IsNamed(ErrorsWith(range.JustAbove))),
        }.Where(said => !said.IsKept).Select(said => $"{name}: not so: {said.Promise}");

        IReadOnlyList<string> ErrorsWith(object value)
        {
            object options = kind.New();
            option.SetValue(options, value);
            return kind.Validate(options);
        }

        bool IsNamed(IReadOnlyList<string> errors) => errors is [var only] && only.StartsWith(option.Name, StringComparison.Ordinal);
    }

    private string? Words(PropertyInfo option) => XmlDocs.Text($"P:{option.DeclaringType!.FullName}.{option.Name}", "value", package);
}

/// <summary>A type of options.</summary>
/// <param name="New">Makes one that is legal.</param>
/// <param name="Validate">Its own check.</param>
public sealed record PackageOptions(Func<object> New, Func<object, IReadOnlyList<string>> Validate)
{
    /// <summary>Its options.</summary>
    public IEnumerable<PropertyInfo> Properties => New().GetType().GetProperties();
}
