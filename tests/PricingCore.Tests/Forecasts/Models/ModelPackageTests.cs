using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using PricingCore.Features;
using PricingCore.Forecasts.Models;

namespace PricingCore.Tests.Forecasts.Models;

public sealed class ModelPackageTests : IDisposable
{
    private static readonly byte[] Graph = [1, 2, 3, 4, 5];

    private readonly ScratchFolder _scratch = new();

    private string Folder => _scratch.At("demand", "1.0.0");

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Load_WhenWritten_ReadsAllOfItBack()
    {
        ModelPackage written = Write();

        ModelPackage read = ModelPackage.Load(Folder);

        Assert.Equal(Graph, read.Graph);
        Assert.Equal(written.Golden.Answers, read.Golden.Answers);
        Assert.Equal("demand/1.0.0", read.Manifest.ModelVersion);
        Assert.Equal(ModelManifestFile.Write(written.Manifest), ModelManifestFile.Write(read.Manifest));
        Assert.Equal(["golden.bin", "model.json", "model.onnx"], Directory.GetFiles(Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Single(Directory.GetDirectories(_scratch.At("demand")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Load_WhenZipped_ReadsTheSame(bool isInFolder)
    {
        Write();
        string zip = _scratch.At("demand.zip");
        ZipFile.CreateFromDirectory(Folder, zip, CompressionLevel.Fastest, includeBaseDirectory: isInFolder);

        ModelPackage read = ModelPackage.Load(zip);

        Assert.Equal(Graph, read.Graph);
        Assert.Equal(60, read.Manifest.HorizonsMinutes[1]);
    }

    [Fact]
    public void Write_WhenTheFolderHoldsSomething_ThrowsAndLeavesIt()
    {
        Write();

        var e = Assert.Throws<IOException>(() => Write());

        Assert.Contains("never changes", e.Message, StringComparison.Ordinal);
        Assert.Equal(Graph, ModelPackage.Load(Folder).Graph);
    }

    [Fact]
    public void Write_WhenTheManifestIsWrong_WritesNothing()
    {
        Assert.Throws<ModelRefusedException>(() => Write(Sample() with { Version = "one" }));

        Assert.False(Directory.Exists(Folder));
    }

    [Fact]
    public void Write_WhenTwice_GivesTheSameBytes()
    {
        Write();
        ModelPackage.Write(_scratch.At("again"), Sample(), Graph, Golden());

        foreach (string file in Directory.GetFiles(Folder))
        {
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(_scratch.At("again", Path.GetFileName(file))));
        }
    }

    [Theory]
    [InlineData("model.onnx")]
    [InlineData("golden.bin")]
    public void Load_WhenABitOfAFileIsFlipped_NamesTheFileAndBothHashes(string file)
    {
        Write();
        byte[] bytes = File.ReadAllBytes(_scratch.At("demand", "1.0.0", file));
        bytes[^1] ^= 1;
        File.WriteAllBytes(_scratch.At("demand", "1.0.0", file), bytes);

        ModelRefusal refusal = Assert.Single(Refusals());

        Assert.Equal(file, refusal.File);
        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(bytes)), refusal.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.json")]
    [InlineData("model.onnx")]
    [InlineData("golden.bin")]
    public void Load_WhenAFileIsMissing_NamesIt(string file)
    {
        Write();
        File.Delete(_scratch.At("demand", "1.0.0", file));

        ModelRefusal refusal = Assert.Single(Refusals());

        Assert.Equal((file, "it is missing."), (refusal.File, refusal.Problem));
    }

    [Fact]
    public void Load_WhenSeveralThingsAreWrong_ListsThemAll()
    {
        Write();
        File.Delete(_scratch.At("demand", "1.0.0", "model.onnx"));
        Edit(json =>
        {
            json["version"] = "1.0";
            json["status"] = "perhaps";
            json["golden"]!["rows"] = 3;
        });

        Assert.Equal(["model.json", "model.json", "model.onnx", "golden.bin"], Refusals().Select(refusal => refusal.File));
    }

    [Fact]
    public void Load_WhenFieldsAreMissing_NamesThemAll()
    {
        Write();
        Edit(json =>
        {
            json.Remove("name");
            json["schema"]!.AsObject().Remove("hash");
            json["metrics"]![1]!["model"]!.AsObject().Remove("wape");
            json["metrics"]![0]!["baselines"]!["persistence"]!.AsObject().Remove("mae");
            json["feature_importance"]![1] = null;
            json["training"] = null;
        });

        string problem = Assert.Single(Refusals()).Problem;

        Assert.Equal(
            "fields are missing: name, schema.hash, training.from, training.to, training.rows, training.events, training.data_sha256, metrics[0].baselines.persistence.mae, metrics[1].model.wape, feature_importance[1].feature, feature_importance[1].gain.",
            problem);
    }

    [Fact]
    public void Load_WhenAFieldIsUnknown_PassesItOver()
    {
        Write();
        Edit(json => json["colour"] = "blue");

        Assert.Equal("demand", ModelPackage.Load(Folder).Manifest.Name);
    }

    [Theory]
    [InlineData("horizons_minutes", "[15, 15]", "horizons_minutes")]
    [InlineData("horizons_minutes", "[]", "horizons_minutes")]
    [InlineData("horizons_minutes", "[10081]", "horizons_minutes")]
    [InlineData("horizons_minutes", "\"15\"", "horizons_minutes: the value is not of the expected kind")]
    [InlineData("format", "2", "format: 2")]
    [InlineData("name", "\"../demand\"", "name: '../demand'")]
    [InlineData("input", "\"\"", "input and output")]
    [InlineData("graph", "{\"file\": \"../model.onnx\", \"sha256\": \"00\"}", "without a folder")]
    [InlineData("graph", "{\"file\": \"model.onnx\", \"sha256\": \"00\"}", "64 hexadecimal digits")]
    public void Load_WhenAFieldIsWrong_SaysWhatItMustBe(string field, string json, string expected)
    {
        Write();
        Edit(manifest => manifest[field] = JsonNode.Parse(json));

        Assert.Contains(Refusals(), refusal => refusal.File == "model.json" && refusal.Problem.Contains(expected, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("{\"name\": \"\\ud800\"}")]
    public void Load_WhenTheManifestIsNotOne_Refuses(string text)
    {
        Write();
        File.WriteAllText(_scratch.At("demand", "1.0.0", "model.json"), text);

        Assert.Equal("model.json", Assert.Single(Refusals()).File);
    }

    [Fact]
    public void Load_WhenTheModelWasRejected_RefusesUnlessAllowed()
    {
        Write(Sample() with { Status = ModelManifest.Rejected });

        Assert.Contains("did not beat", Assert.Single(Refusals()).Problem, StringComparison.Ordinal);
        Assert.Equal(ModelManifest.Rejected, ModelPackage.Load(Folder, allowRejected: true).Manifest.Status);
    }

    [Fact]
    public void Load_WhenAFileIsTooLarge_RefusesBeforeReadingIt()
    {
        Write();
        using (FileStream file = File.OpenWrite(_scratch.At("demand", "1.0.0", "model.onnx")))
        {
            file.SetLength(1L << 32); // Sparse: takes no room on the disk.
        }

        Assert.Contains("at most", Assert.Single(Refusals()).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nothing-there")]
    [InlineData("text.zip")]
    public void Load_WhenThePathIsNoPackage_SaysWhatToGive(string name)
    {
        File.WriteAllText(_scratch.At("text.zip"), "this is not a zip");

        var e = Assert.Throws<ModelRefusedException>(() => ModelPackage.Load(_scratch.At(name)));

        Assert.Contains("folder or zip", e.Message, StringComparison.Ordinal);
        Assert.Equal(_scratch.At(name), e.Package);
    }

    [Fact]
    public void Load_WhenTheZipHoldsTwoPackages_Refuses()
    {
        Write();
        ModelPackage.Write(_scratch.At("demand", "1.0.1"), Sample() with { Version = "1.0.1" }, Graph, Golden());
        ZipFile.CreateFromDirectory(_scratch.At("demand"), _scratch.At("two.zip"));

        var e = Assert.Throws<ModelRefusedException>(() => ModelPackage.Load(_scratch.At("two.zip")));

        Assert.Contains("2 files called model.json", e.Message, StringComparison.Ordinal);
    }

    private static ModelManifest Sample() => SampleManifest.Of(FeatureSchema.Mobility, 15, 60);

    private static GoldenRows Golden() => new(3, 2, [1, 2, 3, 4, float.NaN, 6], [.. Enumerable.Range(0, 20).Select(i => i * 0.1f)]);

    private ModelPackage Write(ModelManifest? manifest = null) => ModelPackage.Write(Folder, manifest ?? Sample(), Graph, Golden());

    private IReadOnlyList<ModelRefusal> Refusals() => Assert.Throws<ModelRefusedException>(() => ModelPackage.Load(Folder)).Refusals;

    private void Edit(Action<JsonObject> change)
    {
        string path = _scratch.At("demand", "1.0.0", "model.json");
        JsonObject json = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        change(json);
        File.WriteAllText(path, json.ToJsonString());
    }
}
