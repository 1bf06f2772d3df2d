namespace PricingCore.Forecasts.Models;

/// <summary>What must hold of a manifest whose fields could all be read.</summary>
internal static class ModelManifestChecks
{
    private const int Format = 1;
    private const int MaxHorizons = 16;
    private const int MaxHorizonMinutes = 10_080;
    private const int HashLength = 64;
    private const string Correct = "Correct the manifest, or train the model again.";

    /// <summary>Everything that is wrong with a manifest alone.</summary>
    public static IEnumerable<ModelRefusal> FindAll(ModelManifest manifest, bool allowRejected)
    {
        if (manifest.Format != Format)
        {
            yield return Refuse(
                $"format: {manifest.Format} is not known here; this version reads {Format}.", "Use the version of PricingCore that wrote it.");
        }

        foreach (string? error in FindTextErrors(manifest))
        {
            if (error is not null)
            {
                yield return Refuse(error, Correct);
            }
        }

        if (manifest.Status == ModelManifest.Rejected && !allowRejected)
        {
            yield return Refuse(
                "status: the model was rejected when it was trained, since it did not beat every baseline.",
                "Train it on more data, or again with --allow-worse.");
        }

        IReadOnlyList<int> horizons = manifest.HorizonsMinutes;
        if (horizons.Count is 0 or > MaxHorizons || horizons.Any(h => h is < 1 or > MaxHorizonMinutes) || horizons.Distinct().Count() != horizons.Count)
        {
            yield return Refuse(
                $"horizons_minutes: [{string.Join(", ", horizons)}] must be 1 to {MaxHorizons} different minutes from 1 to {MaxHorizonMinutes}.", Correct);
        }
    }

    /// <summary>Everything in which golden rows differ from what the manifest says of them.</summary>
    public static IEnumerable<ModelRefusal> FindAll(ModelManifest manifest, GoldenRows golden)
    {
        if (golden.Count != manifest.Golden.Rows)
        {
            yield return new ModelRefusal(
                manifest.Golden.File, $"it holds {golden.Count} rows, but the manifest says {manifest.Golden.Rows}.", Correct);
        }

        if (golden.HorizonCount != manifest.HorizonsMinutes.Count)
        {
            yield return new ModelRefusal(
                manifest.Golden.File,
                $"it answers for {golden.HorizonCount} horizons, but the manifest names {manifest.HorizonsMinutes.Count}.",
                Correct);
        }
    }

    /// <summary>Whether a name is that of a file inside the package, and leads nowhere else.</summary>
    public static bool IsPlainFileName(string name) =>
        name.Length is >= 1 and <= 64
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_')
        && name[0] != '.';

    private static IEnumerable<string?> FindTextErrors(ModelManifest manifest)
    {
        yield return ModelVersionText.FindNameError(manifest.Name);
        yield return ModelVersionText.FindVersionError(manifest.Name, manifest.Version);
        yield return manifest.Status is ModelManifest.Accepted or ModelManifest.Rejected
            ? null
            : $"status: '{manifest.Status}' is neither {ModelManifest.Accepted} nor {ModelManifest.Rejected}.";
        yield return FindFileError("graph", manifest.Graph.File, manifest.Graph.Sha256);
        yield return FindFileError("golden", manifest.Golden.File, manifest.Golden.Sha256);
        yield return IsHash(manifest.Schema.Hash) ? null : $"schema.hash: '{manifest.Schema.Hash}' must be {HashLength} hexadecimal digits.";
        yield return manifest.Input.Length > 0 && manifest.Output.Length > 0 ? null : "input and output: must name the graph's input and output.";
        yield return manifest.Training.From <= manifest.Training.To ? null : "training: from is after to.";
    }

    private static string? FindFileError(string field, string file, string sha256) =>
        !IsPlainFileName(file) ? $"{field}.file: '{file}' must be a file name of letters, digits, '.', '-' or '_', without a folder."
        : !IsHash(sha256) ? $"{field}.sha256: '{sha256}' must be {HashLength} hexadecimal digits."
        : null;

    private static bool IsHash(string text) => text.Length == HashLength && text.All(char.IsAsciiHexDigit);

    private static ModelRefusal Refuse(string problem, string remedy) => new(ModelPackage.ManifestName, problem, remedy);
}
