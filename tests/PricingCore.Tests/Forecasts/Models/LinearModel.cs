using PricingCore.Features;
using PricingCore.Forecasts.Models;
using PricingCore.Tests.Forecasts.Onnx;

namespace PricingCore.Tests.Forecasts.Models;

/// <summary>A linear model of two features and two horizons, whose answers are known without evaluating it, and its package.</summary>
internal static class LinearModel
{
    public static readonly FeatureSchema Schema = new("two", [FeatureSchema.BuiltIn("hour_of_day"), FeatureSchema.BuiltIn("day_of_week")]);

    /// <summary>Column c of horizon h is (5h + c) x the first feature + the second, which is exact for small whole numbers.</summary>
    public static float Answer(float[] row, int horizon, int column) => (((5 * horizon) + column) * row[0]) + row[1];

    public static float[,] Weights()
    {
        float[,] weights = new float[2, 10];
        for (int column = 0; column < 10; column++)
        {
            weights[0, column] = column;
            weights[1, column] = 1;
        }

        return weights;
    }

    public static GoldenRows Golden()
    {
        float[] rows = [1, 2, float.NaN, 3, 3, 4, 0, 0, 5, 7, 11, 13];
        float[] answers = [.. Enumerable.Range(0, 6).SelectMany(row => Enumerable.Range(0, 10).Select(column => Answer(rows[(2 * row)..((2 * row) + 2)], column / 5, column % 5)))];
        return new GoldenRows(2, 2, rows, answers);
    }

    /// <summary>Writes its package, with another graph or other golden rows if there are any, and loads it.</summary>
    public static ModelPackage Write(string folder, byte[]? graph = null, GoldenRows? golden = null)
    {
        ModelPackage.Write(folder, SampleManifest.Of(Schema, 15, 60), graph ?? OnnxBytes.Product(Weights()), golden ?? Golden());
        return ModelPackage.Load(folder);
    }
}
