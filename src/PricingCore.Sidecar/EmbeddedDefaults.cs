using Microsoft.Extensions.Configuration;
using PricingCore.Forecasts.Models;

namespace PricingCore.Sidecar;

/// <summary>What the process does when it is told nothing: serve on this machine, keep everything in one folder, price by the sample rules and the sample model.</summary>
internal static class EmbeddedDefaults
{
    private const string DataKey = "Engine:DataDirectory";
    private const string DefaultData = "pricing-data";
    private const string SampleModel = "demand/1.0.0";
    private const string SampleModelPrefix = "PricingCore.Sidecar.model.";
    private const string SampleManifest = "model.json";

    /// <summary>Defaults, as far as they depend on what is given.</summary>
    /// <param name="given">What file, environment and command line say.</param>
    public static Dictionary<string, string?> Of(IConfiguration given)
    {
        string data = DataDirectory(given);
        var defaults = new Dictionary<string, string?>
        {
            [DataKey] = data,
            ["Engine:RulesFile"] = RulesFile(data),
            ["Engine:ModelsDirectory"] = ModelsDirectory(data),
            ["Engine:SigningKeysFile"] = SigningKeysFile(data),
            ["Engine:StartInBackground"] = "true",
            ["Engine:Audit:Level"] = "Quote",
            ["Logging:LogLevel:Default"] = "Information",
            ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning", // Else several lines a request.
            ["Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics"] = "None", // Else an activity a request, although nobody traces.
            ["Logging:LogLevel:Microsoft.Extensions.Diagnostics.HealthChecks"] = "None", // Else an error at each look while the engine starts.
        };

        // A list of the file must not be mixed with a list of the defaults, entry by entry.
        AddUnlessGiven(given, "Server:Listen", "http://127.0.0.1:8080", defaults);
        AddUnlessGiven(given, "Server:Admin", "http://127.0.0.1:8081", defaults);
        return defaults;
    }

    /// <summary>Makes what the defaults name, where it is missing: the folder, the sample rules, the sample model, and a key to sign quotes with.</summary>
    /// <param name="engine">The engine's section.</param>
    public static void Prepare(IConfiguration engine)
    {
        string data = Path.GetFullPath(engine["DataDirectory"]!);
        Directory.CreateDirectory(data);
        Directory.CreateDirectory(Path.Combine(data, "keys"));
        if (engine["RulesFile"] is { } rules && rules == RulesFile(data) && !File.Exists(rules))
        {
            WriteSampleRules(rules);
        }

        if (engine["SigningKeysFile"] is { } keys && keys == SigningKeysFile(data))
        {
            Hosting.Configuration.SigningKeyFile.CreateUnlessThere(keys, "first");
        }

        if (engine["ModelsDirectory"] is { } models && models == ModelsDirectory(data) && !Directory.Exists(models))
        {
            WriteSampleModel(models);
        }
    }

    /// <summary>Instead of <see cref="Prepare"/>, where nothing is to be made: forgets the defaults that name files which are not there.</summary>
    /// <param name="configuration">The configuration.</param>
    public static void ForgetMissing(IConfigurationRoot configuration)
    {
        string data = Path.GetFullPath(configuration[DataKey]!);
        foreach ((string key, string file) in new[] { ("Engine:RulesFile", RulesFile(data)), ("Engine:SigningKeysFile", SigningKeysFile(data)) })
        {
            if (configuration[key] == file && !File.Exists(file))
            {
                configuration[key] = null;
            }
        }
    }

    /// <summary>Where the sample model is, or will be; null when somebody has said which model prices, or other features than those it reads.</summary>
    /// <param name="given">What file, environment and command line say.</param>
    public static string? FindSampleModel(IConfiguration given)
    {
        string[] saysOtherwise = ["Engine:Model", "Engine:ModelsDirectory", "Engine:SchemaFile"];
        string models = ModelsDirectory(DataDirectory(given));
        bool isOrWillBeThere = !Directory.Exists(models) || Directory.Exists(Path.Combine(models, SampleModel)); // Whoever deletes it gets the baseline.
        return isOrWillBeThere && !saysOtherwise.Any(key => given.GetSection(key).Exists()) ? Path.Combine(models, SampleModel) : null;
    }

    /// <summary>Reads a model's package. Tests of this program compare the sample with ONNX Runtime; every other has to be compared where it runs.</summary>
    /// <exception cref="ModelRefusedException">Something is wrong with it; every reason is listed.</exception>
    public static ModelPackage LoadModel(string path)
    {
        ModelPackage package = ModelPackage.Load(path);
        return IsTheSample(path) ? package.AsCompared() : package;
    }

    /// <summary>Whether a package is the sample, and not another that somebody has put in its place: its manifest, which has the hashes of its other files, is the sample's.</summary>
    public static bool IsTheSample(string package)
    {
        using Stream sample = typeof(EmbeddedDefaults).Assembly.GetManifestResourceStream(SampleModelPrefix + SampleManifest)!;
        byte[] manifest = new byte[sample.Length];
        sample.ReadExactly(manifest);
        string path = Path.Combine(package, SampleManifest);
        return File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(manifest);
    }

    private static string DataDirectory(IConfiguration given) => Path.GetFullPath(given[DataKey] is { Length: > 0 } directory ? directory : DefaultData);

    private static void AddUnlessGiven(IConfiguration given, string key, string value, Dictionary<string, string?> defaults)
    {
        if (!given.GetSection(key).Exists())
        {
            defaults[key] = value;
        }
    }

    private static string RulesFile(string data) => Path.Combine(data, "rules.json");

    private static string ModelsDirectory(string data) => Path.Combine(data, "models");

    private static string SigningKeysFile(string data) => Path.Combine(data, "keys", "quotes.json");

    private static void WriteSampleRules(string path) => WriteSample("PricingCore.Sidecar.rules.json", path);

    /// <summary>Writes it beside its place and moves it there, so that a start which is cut off leaves no half of a package.</summary>
    private static void WriteSampleModel(string models)
    {
        string unfinished = models + ".tmp";
        if (Directory.Exists(unfinished))
        {
            Directory.Delete(unfinished, recursive: true);
        }

        string package = Directory.CreateDirectory(Path.Combine(unfinished, SampleModel)).FullName;
        foreach (string name in typeof(EmbeddedDefaults).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(SampleModelPrefix, StringComparison.Ordinal)))
        {
            WriteSample(name, Path.Combine(package, name[SampleModelPrefix.Length..]));
        }

        Directory.Move(unfinished, models);
    }

    private static void WriteSample(string name, string path)
    {
        using Stream sample = typeof(EmbeddedDefaults).Assembly.GetManifestResourceStream(name)!;
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        sample.CopyTo(file);
    }
}
