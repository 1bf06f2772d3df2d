using System.CommandLine;
using PricingCore.Sidecar;

namespace PricingCore.Cli.Serve;

/// <summary><c>pricing serve</c>: the sidecar in this process.</summary>
internal static class ServeCommand
{
    private const string Description = """
        Serves prices over HTTP until it is told to stop (Ctrl+C or SIGTERM), and keeps everything in one folder.
        With nothing but its defaults it serves this machine only, prices by the sample rules, and needs no other server.

        Examples:
          pricing serve
          pricing serve --data /var/lib/pricingcore --rules rules.json --listen http://127.0.0.1:8080
          pricing serve --config pricing.json --check

        Every key of the configuration: docs/sidecar.md
        """;

    /// <summary>The command's name.</summary>
    public const string Name = "serve";

    private static readonly Option<string?> Config = new("--config") { Description = "The configuration, a JSON file [default: the one that PRICINGCORE_CONFIG names, else none]", HelpName = "FILE" };

    private static readonly Option<string?> Data = new("--data") { Description = "Where journal, audit log, keys, rules and models are kept [default: pricing-data]", HelpName = "DIR" };

    private static readonly Option<string?> Rules = new("--rules") { Description = "The rules file [default: rules.json in the data directory, made from the sample when missing]", HelpName = "FILE" };

    private static readonly Option<string[]> Listen = new("--listen")
    {
        Description = "Where to serve; may be given several times [default: http://127.0.0.1:8080]", HelpName = "URL",
    };

    private static readonly Option<string[]> Admin = new("--admin")
    {
        Description = "Where to administer and to measure; may be given several times [default: http://127.0.0.1:8081]", HelpName = "URL",
    };

    private static readonly Option<bool> Check = new("--check") { Description = "Say what is wrong with the configuration, and end" };

    /// <summary>Makes the command.</summary>
    /// <param name="output">Where results are written.</param>
    /// <param name="error">Where errors are written, one a line.</param>
    public static Command Create(TextWriter output, TextWriter error)
    {
        var command = new Command(Name, Description) { Config, Data, Rules, Listen, Admin, Check };
        command.SetAction(parsed => SidecarProcess.RunAsync(ArgumentsOf(parsed), output, error, started: RecoveryBar.ShowAsync));
        return command;
    }

    private static List<string> ArgumentsOf(ParseResult parsed)
    {
        var arguments = new List<string>();
        foreach (Option<string?> option in new[] { Config, Data, Rules })
        {
            if (parsed.GetValue(option) is { } value)
            {
                arguments.AddRange([option.Name, value]);
            }
        }

        foreach (Option<string[]> option in new[] { Listen, Admin })
        {
            foreach (string url in parsed.GetValue(option) ?? [])
            {
                arguments.AddRange([option.Name, url]);
            }
        }

        if (parsed.GetValue(Check))
        {
            arguments.Add(Check.Name);
        }

        return arguments;
    }
}
