using PricingCore.Features;
using PricingCore.Forecasts.Models;
using PricingCore.Tests.Forecasts.Models;
using PricingCore.Tests.Forecasts.Onnx;

namespace PricingCore.Cli.Tests.Models;

/// <summary>A package of a linear model of two features, which only ONNX Runtime can run, and its schema as a file.</summary>
internal static class SamplePackage
{
    public const string SchemaJson = """{"name": "two", "features": ["hour_of_day", "day_of_week"]}""";

    public static void Write(string folder, Func<ModelManifest, ModelManifest>? change = null, float[]? answers = null)
    {
        ModelManifest manifest = SampleManifest.Of(FeatureSchema.Parse(SchemaJson), 15);
        float[,] weights = { { 1, 2, 3, 4, 5 }, { 10, 20, 30, 40, 50 } };
        ModelPackage.Write(
            folder,
            change is null ? manifest : change(manifest),
            OnnxBytes.Product(weights),
            new GoldenRows(2, 1, [1, 1, 2, 1], answers ?? [11, 22, 33, 44, 55, 12, 24, 36, 48, 60]));
    }
}
