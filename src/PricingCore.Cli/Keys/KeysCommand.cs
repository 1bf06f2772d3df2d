using System.CommandLine;

namespace PricingCore.Cli.Keys;

/// <summary>The command line of <c>pricing keys</c>.</summary>
internal static class KeysCommand
{
    private const string Description = """
        Makes, lists and revokes the API keys of a service. The file holds salted hashes; a key is shown once, when it is made.

        Examples:
          pricing keys create --scopes quote,events --expires 90d --name till
          pricing keys list --file /etc/pricing/api-keys.json
          pricing keys revoke 0f1e2d3c4b5a6978

        A running service follows the file within a second. What the scopes open: docs/security.md
        """;

    private static readonly Option<string> KeyFile = new("--file")
    {
        Description = "The file of keys, as Security:ApiKeyFile names it", HelpName = "FILE", DefaultValueFactory = _ => "api-keys.json",
    };

    private static readonly Option<string> Scopes = new("--scopes") { Description = "What it opens: quote, events, admin, with commas between", HelpName = "LIST", Required = true };

    private static readonly Option<string> Expires = new("--expires") { Description = "Until when: a time from now such as 90d or 12h, or 2027-01-01T00:00:00Z", HelpName = "TIME", Required = true };

    private static readonly Option<string> Name = new("--name") { Description = "Whose it is, for people who read the file", HelpName = "NAME", Required = true };

    private static readonly Option<int?> Limit = new("--requests-per-minute") { Description = "Its own limit in place of those of user and address; 0 for none", HelpName = "N" };

    private static readonly Argument<string> Id = new("id") { Description = "The id of a key: the 16 digits behind pck_", HelpName = "ID" };

    private static readonly Option<bool> Json = new("--json") { Description = "Print JSON" };

    /// <summary>Makes the command.</summary>
    /// <param name="output">Where results are written.</param>
    /// <param name="time">Says from when a time from now is counted.</param>
    public static Command Create(TextWriter output, TimeProvider time)
    {
        var create = new Command("create", """
            Makes a key, adds its hash to the file, and prints the key. It is kept nowhere: hand it over, and forget it.

            Example: pricing keys create --scopes quote --expires 90d --name till --file /etc/pricing/api-keys.json
            """) { Scopes, Expires, Name, Limit, KeyFile, Json };
        create.SetAction(parsed => new KeysJob(output, time, parsed.GetRequiredValue(KeyFile), parsed.GetValue(Json)).Create(
            parsed.GetRequiredValue(Scopes), parsed.GetRequiredValue(Expires), parsed.GetRequiredValue(Name), parsed.GetValue(Limit)));

        var list = new Command("list", """
            Lists the keys of the file: id, name, scopes, end.

            Example: pricing keys list --json
            """) { KeyFile, Json };
        list.SetAction(parsed => new KeysJob(output, time, parsed.GetRequiredValue(KeyFile), parsed.GetValue(Json)).List());

        var revoke = new Command("revoke", """
            Takes a key out of the file. Exit code 1 when it is not there.

            Example: pricing keys revoke 0f1e2d3c4b5a6978
            """) { Id, KeyFile, Json };
        revoke.SetAction(parsed => new KeysJob(output, time, parsed.GetRequiredValue(KeyFile), parsed.GetValue(Json)).Revoke(parsed.GetRequiredValue(Id)));

        return new Command("keys", Description) { create, list, revoke };
    }
}
