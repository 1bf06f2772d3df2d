namespace PricingCore.Sidecar;

/// <summary>What the command line says. Each option stands for a key of the configuration and wins over file and environment.</summary>
/// <param name="ConfigurationFile">The configuration file; null for none.</param>
/// <param name="Values">Keys and values.</param>
/// <param name="OnlyCheck">Whether to check the configuration and end.</param>
internal sealed record SidecarArguments(string? ConfigurationFile, IReadOnlyDictionary<string, string?> Values, bool OnlyCheck)
{
    /// <summary>The address of another sidecar to ask how it is; null to be one.</summary>
    public string? Probe { get; private init; }

    public const string Usage = """
        Usage: pricing-sidecar [--config FILE] [--data DIR] [--rules FILE] [--listen URL]... [--admin URL]... [--check]
               pricing-sidecar --probe URL

          --config FILE   the configuration, JSON; else the file that PRICINGCORE_CONFIG names, else none
          --data DIR      where journal, audit log, keys, rules and models are kept (Engine:DataDirectory; ./pricing-data)
          --rules FILE    the rules file (Engine:RulesFile; rules.json in the data directory, made from the sample when missing)
          --listen URL    where to serve: http://127.0.0.1:8080, https://..., h2c://..., binary://..., binary+tls://..., unix:/run/pricing.sock (Server:Listen)
          --admin URL     where to administer and to measure: http://127.0.0.1:8081 (Server:Admin)
          --check         say what is wrong with the configuration, and end
          --probe URL     ask a sidecar that runs: exit code 0 when it answers that all is well

        Every key can be set by the environment as well: PRICINGCORE__ENGINE__MAXREGIONS=2000.
        """;

    /// <summary>Reads a command line.</summary>
    /// <param name="args">The arguments.</param>
    /// <param name="error">What is wrong; null when nothing is.</param>
    public static SidecarArguments Parse(IReadOnlyList<string> args, out string? error)
    {
        string? file = Environment.GetEnvironmentVariable("PRICINGCORE_CONFIG");
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        string? probe = null;
        bool onlyCheck = false;
        int listens = 0;
        int admins = 0;
        error = null;
        for (int i = 0; i < args.Count && error is null; i++)
        {
            if (args[i] == "--check")
            {
                onlyCheck = true;
                continue;
            }

            string? value = i + 1 < args.Count ? args[i + 1] : null;
            string? key = args[i] switch
            {
                "--config" or "--probe" => "",
                "--data" => "Engine:DataDirectory",
                "--rules" => "Engine:RulesFile",
                "--listen" => $"Server:Listen:{listens++}",
                "--admin" => $"Server:Admin:{admins++}",
                _ => null,
            };
            if (key is null)
            {
                error = $"{args[i]} is not an option.";
            }
            else if (value is null)
            {
                error = $"{args[i]} needs a value.";
            }
            else if (args[i] == "--probe")
            {
                probe = value;
            }
            else if (key.Length == 0)
            {
                file = value;
            }
            else
            {
                values[key] = value;
            }

            i++;
        }

        return new SidecarArguments(string.IsNullOrEmpty(file) ? null : file, values, onlyCheck) { Probe = probe };
    }
}
