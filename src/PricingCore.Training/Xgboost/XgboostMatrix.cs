namespace PricingCore.Training.Xgboost;

/// <summary>Rows for XGBoost, with labels and weights; copied into native memory.</summary>
/// <threadsafety>One thread at a time.</threadsafety>
internal sealed unsafe class XgboostMatrix : IDisposable
{
    /// <param name="rows">Rows one after the other; missing features are not a number.</param>
    /// <param name="columns">Features in a row.</param>
    /// <param name="labels">A label a row; null when the matrix is only to be predicted.</param>
    /// <param name="weights">A weight a row; null for 1.</param>
    public XgboostMatrix(ReadOnlySpan<float> rows, int columns, float[]? labels = null, float[]? weights = null)
    {
        _ = XgboostLibrary.Version; // The clear error comes first.
        Rows = rows.Length / columns;
        fixed (float* first = rows)
        {
            XgboostNative.Check(XgboostNative.XGDMatrixCreateFromMat(first, (ulong)Rows, (ulong)columns, float.NaN, out nint handle));
            Handle = handle;
        }

        SetInfo("label", labels);
        SetInfo("weight", weights);
    }

    public nint Handle { get; private set; }

    public int Rows { get; }

    public void Dispose()
    {
        if (Handle != 0)
        {
            _ = XgboostNative.XGDMatrixFree(Handle);
            Handle = 0;
        }
    }

    private void SetInfo(string field, float[]? values)
    {
        if (values is null)
        {
            return;
        }

        if (values.Length != Rows)
        {
            Dispose();
            throw new ArgumentException($"{Rows} rows need {Rows} numbers of {field}, but {values.Length} were given.", nameof(values));
        }

        fixed (float* first = values)
        {
            XgboostNative.Check(XgboostNative.XGDMatrixSetFloatInfo(Handle, field, first, (ulong)values.Length));
        }
    }
}
