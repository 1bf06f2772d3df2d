using System.CommandLine;

namespace PricingCore.Cli.Audit;

/// <summary>The command line of <c>pricing audit</c>.</summary>
internal static class AuditCommand
{
    private const string Description = """
        Checks an audit log, proves single records of it, and makes its user hashes meaningless.

        Examples:
          pricing audit verify /var/lib/pricing/audit
          pricing audit prove /var/lib/pricing/audit request-4711 --out proof.json
          pricing audit forget-users --key /etc/pricing/users.key

        The files, the chain and what is personal data: docs/audit.md
        """;

    private static readonly Argument<string> Folder = new("directory") { Description = "The folder of the log", HelpName = "DIR" };

    private static readonly Argument<string> Id = new("id") { Description = "The id of a request, or the 32 digits of a decision", HelpName = "ID" };

    private static readonly Option<string?> Head = new("--head")
    {
        Description = "The head that an earlier check printed; it must still hold, so that the end cannot have been cut off or all written anew",
        HelpName = "HEAD",
    };

    private static readonly Option<string?> Out = new("--out") { Description = "Write the proof to a file instead of printing it", HelpName = "FILE" };

    private static readonly Option<string> Key = new("--key") { Description = "The file of the key that user ids are hashed with", HelpName = "FILE", Required = true };

    private static readonly Option<bool> Json = new("--json") { Description = "Print JSON" };

    public static Command Create(TextWriter output)
    {
        var verify = new Command("verify", """
            Checks that every record is as it was written, in its place, and that none is missing. Exit code 1 when one is not.

            Example: pricing audit verify /var/lib/pricing/audit --json
            """) { Folder, Head, Json };
        verify.SetAction(parsed => new AuditJob(output, parsed.GetValue(Json)).Verify(parsed.GetRequiredValue(Folder), parsed.GetValue(Head)));

        var prove = new Command("prove", """
            Prints a proof that a quote or a decision is in the log; eng/check-proof.py checks it without this tool.

            Example: pricing audit prove /var/lib/pricing/audit request-4711 --out proof.json
            """) { Folder, Id, Out, Json };
        prove.SetAction(parsed => new AuditJob(output, parsed.GetValue(Json)).Prove(parsed.GetRequiredValue(Folder), parsed.GetRequiredValue(Id), parsed.GetValue(Out)));

        var forget = new Command("forget-users", """
            Destroys the key that user ids are hashed with: nobody can tie a hash in the log to a user any more, and the log still verifies.

            Example: pricing audit forget-users --key /etc/pricing/users.key
            """) { Key, Json };
        forget.SetAction(parsed => new AuditJob(output, parsed.GetValue(Json)).ForgetUsers(parsed.GetRequiredValue(Key)));

        return new Command("audit", Description) { verify, prove, forget };
    }
}
