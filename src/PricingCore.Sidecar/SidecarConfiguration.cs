using Microsoft.Extensions.Configuration;
using PricingCore.AspNetCore.Binary;
using PricingCore.Hosting.Configuration;

namespace PricingCore.Sidecar;

/// <summary>The configuration of the process: defaults, then the file, then the environment, then the command line.</summary>
internal sealed class SidecarConfiguration
{
    /// <summary>What environment variables begin with.</summary>
    public const string EnvironmentPrefix = "PRICINGCORE__";

    private const string ListenKey = "Listen";
    private const string AdminKey = "Admin";

    private static readonly string[] Sections = ["Engine", "Server", "Security", "Endpoints", "Binary", "Telemetry", "Logging"];

    private SidecarConfiguration(IConfigurationRoot root, ServerOptions server, TelemetryOptions telemetry, List<string> problems)
    {
        Root = root;
        Server = server;
        Telemetry = telemetry;
        BinarySettings.Apply(root.GetSection("Binary"), Binary);
        Certificates = ServerCertificates.Load(server, problems);
        Problems = problems;
    }

    /// <summary>All of it.</summary>
    public IConfigurationRoot Root { get; }

    /// <summary>The section of the engine.</summary>
    public IConfigurationSection Engine => Root.GetSection("Engine");

    /// <summary>Where to listen.</summary>
    public ServerOptions Server { get; }

    /// <summary>The limits of the binary protocol, on each of its addresses.</summary>
    public BinaryProtocolOptions Binary { get; } = new();

    /// <summary>The package to price with where no model is given; null where one is.</summary>
    public string? SampleModel { get; private init; }

    /// <summary>Where metrics and traces are sent.</summary>
    public TelemetryOptions Telemetry { get; }

    /// <summary>What its files of certificates hold.</summary>
    public ServerCertificates Certificates { get; }

    /// <summary>What is wrong outside the engine's section, which its host checks.</summary>
    public IReadOnlyList<string> Problems { get; }

    /// <summary>Reads it.</summary>
    /// <param name="arguments">The command line.</param>
    /// <exception cref="InvalidDataException">The file cannot be read.</exception>
    public static SidecarConfiguration Load(SidecarArguments arguments)
    {
        IConfigurationRoot given = Build(arguments, new Dictionary<string, string?>());
        IConfigurationRoot root = Build(arguments, EmbeddedDefaults.Of(given));
        var problems = new List<string>();
        foreach (IConfigurationSection section in root.GetChildren().Where(section => !Sections.Contains(section.Key, StringComparer.OrdinalIgnoreCase)))
        {
            problems.Add($"{section.Path} is not known; there are {string.Join(", ", Sections)}.");
        }

        SecuritySettings.FindProblems(root.GetSection("Security"), problems);
        EndpointSettings.FindProblems(root.GetSection("Endpoints"), problems);
        BinarySettings.FindProblems(root.GetSection("Binary"), problems);
        ServerOptions server = ReadServer(root.GetSection("Server"), problems);
        TelemetryOptions telemetry = SettingReader.Read(root.GetSection("Telemetry"), TelemetryOptions.Settings, options => options.Validate(), problems);
        return new SidecarConfiguration(root, server, telemetry, problems)
        {
            SampleModel = EmbeddedDefaults.FindSampleModel(given),
        };
    }

    private static IConfigurationRoot Build(SidecarArguments arguments, Dictionary<string, string?> defaults)
    {
        var builder = new ConfigurationBuilder();
        builder.AddInMemoryCollection(defaults);
        if (arguments.ConfigurationFile is { } file)
        {
            builder.AddJsonFile(Path.GetFullPath(file), optional: false, reloadOnChange: false);
        }

        builder.AddEnvironmentVariables(EnvironmentPrefix);
        builder.AddInMemoryCollection(arguments.Values);
        try
        {
            return builder.Build();
        }
        catch (Exception unreadable) when (unreadable is IOException or FormatException or InvalidDataException)
        {
            throw new InvalidDataException($"{arguments.ConfigurationFile}: {(unreadable.InnerException ?? unreadable).Message}", unreadable);
        }
    }

    private static ServerOptions ReadServer(IConfigurationSection section, List<string> problems)
    {
        var server = new ServerOptions
        {
            Listen = ReadAddresses(section.GetSection(ListenKey), problems),
            Admin = ReadAddresses(section.GetSection(AdminKey), problems),
        };
        SettingReader.Apply(section, section.Path + ":", server, ServerOptions.Settings, options => options.Validate(), problems);
        problems.AddRange(server.Validate().Select(error => $"{section.Path}:{error}"));
        string[] known = [ListenKey, AdminKey, .. ServerOptions.Settings.Select(setting => setting.Key)];
        problems.AddRange(SettingReader.FindUnknown(section, section.Path + ":", known, [ListenKey, AdminKey]));
        return server;
    }

    /// <summary>A list, or one text with semicolons between, as fits into an environment variable.</summary>
    private static ListenAddress[] ReadAddresses(IConfigurationSection list, List<string> problems)
    {
        string[] texts = list.Value is { } joined
            ? joined.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : [.. list.GetChildren().Select(entry => entry.Value ?? "")];
        var addresses = new List<ListenAddress>();
        foreach (string text in texts)
        {
            if (ListenAddress.TryParse(text, out ListenAddress? address))
            {
                addresses.Add(address!);
            }
            else
            {
                problems.Add($"{list.Path} is '{text}'; it must be {ListenAddress.Forms}.");
            }
        }

        return [.. addresses];
    }
}
