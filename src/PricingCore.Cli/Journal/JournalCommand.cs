using System.CommandLine;

namespace PricingCore.Cli.Journal;

/// <summary>The command line of <c>pricing journal</c>.</summary>
internal static class JournalCommand
{
    private const string Description = """
        Looks at the journal of an engine that is not running, checks it, and mends it.

        Examples:
          pricing journal inspect journal
          pricing journal verify journal --json
          pricing journal repair journal --apply

        A torn tail is what a crash leaves and is no fault: the engine cuts it when it starts. The format: docs/journal-format.md
        """;

    private static readonly Argument<string> Folder = new("directory")
    {
        Description = "The journal: a folder with a folder for each lane, or one of these",
        HelpName = "DIR",
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Print JSON" };

    private static readonly Option<bool> Apply = new("--apply") { Description = "Do it; without this, only say what would be lost" };

    public static Command Create(TextWriter output)
    {
        var inspect = new Command("inspect", "Shows what a journal holds: segments, records by kind, times, size. Exit code 1 when it cannot be read to its end.") { Folder, Json };
        inspect.SetAction(parsed => new JournalJob(parsed.GetRequiredValue(Folder), parsed.GetValue(Json), output).InspectAsync());

        var verify = new Command("verify", "Reads every record and checks every CRC and sequence. Exit code 1, and the place of the first fault, when one is wrong.") { Folder, Json };
        verify.SetAction(parsed => new JournalJob(parsed.GetRequiredValue(Folder), parsed.GetValue(Json), output).VerifyAsync());

        var repair = new Command("repair", "Ends a damaged journal before the damage. Says what that loses; does it with --apply, and keeps the damaged files beside it.") { Folder, Apply, Json };
        repair.SetAction(parsed => new JournalJob(parsed.GetRequiredValue(Folder), parsed.GetValue(Json), output).RepairAsync(parsed.GetValue(Apply)));

        return new Command("journal", Description) { inspect, verify, repair };
    }
}
