using System.Security.Cryptography;

namespace PricingCore.Forecasts.Models;

/// <summary>A model as it is stored: graph, manifest and golden rows, read whole and found unchanged.</summary>
/// <remarks>
/// A folder or a zip of <c>model.json</c>, <c>model.onnx</c> and <c>golden.bin</c>; see docs/models.md. What is here has not been run
/// yet: <see cref="OnnxForecaster"/> compares the graph with the engine's schema and with the golden rows.
/// </remarks>
/// <threadsafety>Immutable.</threadsafety>
public sealed class ModelPackage
{
    /// <summary>The name of the manifest in every package.</summary>
    internal const string ManifestName = "model.json";

    private const string GraphName = "model.onnx";
    private const string GoldenName = "golden.bin";
    private const int MaxManifestBytes = 4 << 20;
    private const int MaxGraphBytes = 512 << 20;
    private const int MaxGoldenBytes = 256 << 20;
    private const string WriteAgain = "Copy the package again, or train the model again.";

    private ModelPackage(string path, ModelManifest manifest, byte[] graph, GoldenRows golden)
    {
        Path = path;
        Manifest = manifest;
        Graph = graph;
        Golden = golden;
    }

    /// <summary>Where it was read from: a folder or a zip.</summary>
    public string Path { get; }

    /// <summary>What it says of itself.</summary>
    public ModelManifest Manifest { get; }

    /// <summary>Size of the ONNX file, in bytes.</summary>
    public int GraphBytes => Graph.Length;

    /// <summary>The bytes of the ONNX file.</summary>
    internal byte[] Graph { get; }

    /// <summary>
    /// Whether its compiled trees were compared with ONNX Runtime before and found equal: when the program that brings it along was tested. Trees that give the golden
    /// rows on this machine will do then, and ONNX Runtime, some 22 MiB, is not loaded for them. That a package was deployed once says nothing here: it may run in ONNX Runtime because its trees differ.
    /// </summary>
    internal bool WasCompared { get; private init; }

    /// <summary>Rows with the trainer's own answers.</summary>
    internal GoldenRows Golden { get; }

    /// <summary>Reads a package and checks its layout, its sizes, its hashes and its manifest.</summary>
    /// <param name="path">A folder or a zip.</param>
    /// <param name="allowRejected">Whether a model that did not beat the baselines is read all the same, to look at or to score it.</param>
    /// <exception cref="ModelRefusedException">Something is wrong with it; every reason is listed.</exception>
    public static ModelPackage Load(string path, bool allowRejected = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var refusals = new List<ModelRefusal>();
        try
        {
            using PackageFiles files = PackageFiles.Open(path, ManifestName);
            ModelManifest? manifest = ReadManifest(files, refusals);
            if (manifest is not null)
            {
                refusals.AddRange(ModelManifestChecks.FindAll(manifest, allowRejected));
                byte[]? graph = ReadHashed(files, manifest.Graph.File, manifest.Graph.Sha256, MaxGraphBytes, refusals);
                GoldenRows? golden = ReadGolden(files, manifest, refusals);
                if (refusals.Count == 0)
                {
                    return new ModelPackage(path, manifest, graph!, golden!);
                }
            }
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            refusals.Add(new ModelRefusal("", $"It cannot be read: {e.Message}", "Give the path of a package's folder or zip."));
        }

        throw new ModelRefusedException(path, refusals);
    }

    /// <summary>This package, of which it is known that its compiled trees were <see cref="WasCompared">compared</see> before and found equal.</summary>
    internal ModelPackage AsCompared() => new(Path, Manifest, Graph, Golden) { WasCompared = true };

    /// <summary>Writes a package into a new folder; there is either all of it in the end or nothing.</summary>
    /// <param name="folder">The folder, which must not exist yet or be empty: a version never changes.</param>
    /// <param name="manifest">What to say of the model; the parts about files are filled in here.</param>
    /// <param name="graph">The bytes of the ONNX file.</param>
    /// <param name="golden">Rows with the trainer's own answers.</param>
    /// <exception cref="ModelRefusedException">The result would be refused when loaded.</exception>
    /// <exception cref="IOException">The folder holds something, or cannot be written.</exception>
    internal static ModelPackage Write(string folder, ModelManifest manifest, ReadOnlySpan<byte> graph, GoldenRows golden)
    {
        string target = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(folder));
        if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()))
        {
            throw new IOException($"{target} is not empty; a version of a model never changes, so write into a new folder.");
        }

        byte[] goldenBytes = golden.ToBytes();
        ModelManifest whole = manifest with
        {
            Graph = new ModelFile(GraphName, HashOf(graph)),
            Golden = new GoldenFile(GoldenName, HashOf(goldenBytes), golden.Count),
        };
        var refusals = ModelManifestChecks.FindAll(whole, allowRejected: true).ToList();
        refusals.AddRange(ModelManifestChecks.FindAll(whole, golden));
        if (refusals.Count > 0)
        {
            throw new ModelRefusedException(target, refusals);
        }

        string unfinished = target + ".unfinished";
        if (Directory.Exists(unfinished))
        {
            Directory.Delete(unfinished, recursive: true); // Left by a run that was killed.
        }

        Directory.CreateDirectory(unfinished);
        byte[] graphBytes = graph.ToArray();
        File.WriteAllBytes(System.IO.Path.Combine(unfinished, GraphName), graphBytes);
        File.WriteAllBytes(System.IO.Path.Combine(unfinished, GoldenName), goldenBytes);
        File.WriteAllBytes(System.IO.Path.Combine(unfinished, ManifestName), ModelManifestFile.Write(whole));
        if (Directory.Exists(target))
        {
            Directory.Delete(target);
        }

        Directory.Move(unfinished, target);
        return new ModelPackage(target, whole, graphBytes, golden);
    }

    private static ModelManifest? ReadManifest(PackageFiles files, List<ModelRefusal> refusals)
    {
        var errors = new List<string>();
        ModelManifest? manifest = null;
        try
        {
            manifest = ModelManifestFile.Read(files.Read(ManifestName, MaxManifestBytes), errors);
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            errors.Add(ReasonOf(e));
        }

        refusals.AddRange(errors.Select(error => new ModelRefusal(ManifestName, error, "docs/models.md says what belongs into it.")));
        return manifest;
    }

    private static byte[]? ReadHashed(PackageFiles files, string name, string sha256, int maxBytes, List<ModelRefusal> refusals)
    {
        if (!ModelManifestChecks.IsPlainFileName(name))
        {
            return null; // The manifest's checks have said so; no path of it is followed.
        }

        try
        {
            byte[] bytes = files.Read(name, maxBytes);
            string found = HashOf(bytes);
            if (string.Equals(found, sha256, StringComparison.OrdinalIgnoreCase))
            {
                return bytes;
            }

            refusals.Add(new ModelRefusal(name, $"its SHA-256 is {found}, but the manifest says {sha256}.", WriteAgain));
        }
        catch (Exception e) when (IsUnreadable(e))
        {
            refusals.Add(new ModelRefusal(name, ReasonOf(e), WriteAgain));
        }

        return null;
    }

    private static GoldenRows? ReadGolden(PackageFiles files, ModelManifest manifest, List<ModelRefusal> refusals)
    {
        byte[]? bytes = ReadHashed(files, manifest.Golden.File, manifest.Golden.Sha256, MaxGoldenBytes, refusals);
        if (bytes is null)
        {
            return null;
        }

        try
        {
            GoldenRows golden = GoldenRows.Parse(bytes);
            refusals.AddRange(ModelManifestChecks.FindAll(manifest, golden));
            return golden;
        }
        catch (FormatException e)
        {
            refusals.Add(new ModelRefusal(manifest.Golden.File, e.Message, WriteAgain));
            return null;
        }
    }

    private static string HashOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static string ReasonOf(Exception e) => e is FileNotFoundException or DirectoryNotFoundException ? "it is missing." : e.Message;

    private static bool IsUnreadable(Exception e) => e is IOException or InvalidDataException or UnauthorizedAccessException;
}
