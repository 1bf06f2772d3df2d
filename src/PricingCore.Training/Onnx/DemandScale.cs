namespace PricingCore.Training.Onnx;

/// <summary>How the trees' answers, which are shares of the usual demand, become bookings.</summary>
/// <remarks>For horizon i, <c>usual = feature * PerHour[i] + Prior[i]</c>; a missing feature counts as 0.</remarks>
/// <param name="ScaleColumn">The feature that says how much is usual: its index in the row, from 0.</param>
/// <param name="PerHour">Bookings for each unit of that feature, one number a horizon.</param>
/// <param name="Prior">Bookings where that feature is 0, one number a horizon.</param>
/// <param name="MeanColumn">The feature with the mean demand in bookings an hour: its index in the row, from 0.</param>
/// <threadsafety>Immutable by convention: nobody writes the arrays once it is made.</threadsafety>
internal sealed record DemandScale(int ScaleColumn, float[] PerHour, float[] Prior, int MeanColumn)
{
    /// <summary>Says what does not fit a model of this shape.</summary>
    /// <exception cref="ArgumentException">A column is not in the row, a number is missing or not finite.</exception>
    public void Check(int featureCount, int horizonCount)
    {
        CheckColumn(ScaleColumn, nameof(ScaleColumn));
        CheckColumn(MeanColumn, nameof(MeanColumn));
        CheckNumbers(PerHour, nameof(PerHour));
        CheckNumbers(Prior, nameof(Prior));

        void CheckColumn(int column, string name)
        {
            if (column < 0 || column >= featureCount)
            {
                throw new ArgumentException($"{name} must be from 0 to {featureCount - 1}, but is {column}.");
            }
        }

        void CheckNumbers(float[] numbers, string name)
        {
            if (numbers.Length != horizonCount)
            {
                throw new ArgumentException($"{name} must have a number for each of the {horizonCount} horizons, but has {numbers.Length}.");
            }

            if (!numbers.All(float.IsFinite))
            {
                throw new ArgumentException($"{name} must be finite, but is {string.Join(", ", numbers)}.");
            }
        }
    }
}
