using System.Text.RegularExpressions;

namespace PricingCore.Tests.Conventions;

/// <summary>
/// Goal: the core reads in the order in which an event flows through it, so a stage uses only the stages before it.
/// Method: look at the using directives of the source and, since those can be avoided, at every type that the
/// compiled members name, in their signatures and in their IL.
/// Control: with Numerics moved to the end of the order, both tests fail and list its users.
/// </summary>
public sealed partial class StageOrderTests
{
    /// <summary>The root types join all stages, and only a replay stands on top of them.</summary>
    private const string Root = "(root)";

    private static readonly string[] Order =
    [
        "Diagnostics", "Numerics", "Storage", "Money", "Regions", "Events", "Ring", "Journal", "Snapshots", "Features", "Forecasts", "Quality", "Rules", "Surge",
        "Quotes", "Tokens", "Audit", "Explanations", Root, "Replay",
    ];

    [Fact]
    public void Folders_AreAllInTheOrder()
    {
        string[] unknown = [.. Repository.Files(Repository.Core, ".cs")
            .Select(file => Path.GetRelativePath(Repository.Core, file).Split(Path.DirectorySeparatorChar))
            .Where(path => path.Length > 1 && !Order.Contains(path[0]))
            .Select(path => path[0])
            .Distinct()];

        Assert.True(unknown.Length == 0, $"Say where in the order these stages stand: {string.Join(", ", unknown)}");
    }

    [Fact]
    public void Usings_NameOnlyStagesBefore()
    {
        string[] wrong = [.. Repository.Files(Repository.Core, ".cs").SelectMany(WrongUsings)];

        Assert.True(wrong.Length == 0, string.Join('\n', wrong));

        static IEnumerable<string> WrongUsings(string file)
        {
            string folder = Path.GetRelativePath(Repository.Core, file).Split(Path.DirectorySeparatorChar)[0];
            int stage = Place(Order.Contains(folder) ? folder : Root);
            return Usings().Matches(Repository.CodeOf(file))
                .Select(match => match.Groups["stage"].Value)
                .Where(used => Place(used) > stage)
                .Select(used => $"{Repository.Relative(file)} uses {used}, a later stage");
        }
    }

    [Fact]
    public void CompiledMembers_NameOnlyTypesOfStagesBefore()
    {
        Type[] types = [.. typeof(PricingEngine).Assembly.GetTypes().Where(type => IsOurs(type))];
        string[] wrong = [.. types
            .SelectMany(type => TypeReferences.Of(type)
                .Where(used => IsOurs(used) && Place(StageOf(used)) > Place(StageOf(type)))
                .Select(used => $"{type.FullName} ({StageOf(type)}) uses {used.FullName} ({StageOf(used)})"))
            .Distinct()
            .Order(StringComparer.Ordinal)];

        Assert.True(wrong.Length == 0, string.Join('\n', wrong));
    }

    private static bool IsOurs(Type type) =>
        type.Assembly == typeof(PricingEngine).Assembly && type.Namespace?.StartsWith("PricingCore", StringComparison.Ordinal) == true;

    private static string StageOf(Type type) =>
        type.Namespace == "PricingCore" ? Root : type.Namespace!.Split('.')[1];

    private static int Place(string stage) => Array.IndexOf(Order, stage);

    [GeneratedRegex(@"^\s*using\s+(static\s+)?(\w+\s*=\s*)?(global::)?PricingCore\.(?<stage>\w+)", RegexOptions.Multiline)]
    private static partial Regex Usings();
}
