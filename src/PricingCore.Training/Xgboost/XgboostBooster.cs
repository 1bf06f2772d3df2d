using System.Globalization;

namespace PricingCore.Training.Xgboost;

/// <summary>Trees that XGBoost grows.</summary>
/// <remarks>Everything that could make two runs differ is fixed: seed, threads, the tree method and the bins.</remarks>
/// <threadsafety>One thread at a time.</threadsafety>
internal sealed unsafe class XgboostBooster : IDisposable
{
    private nint _handle;

    /// <param name="settings">How trees are grown.</param>
    /// <param name="matrices">The matrix to train on, and others whose predictions are to be kept while growing.</param>
    public XgboostBooster(XgboostSettings settings, params ReadOnlySpan<XgboostMatrix> matrices)
    {
        nint[] handles = new nint[matrices.Length];
        for (int i = 0; i < handles.Length; i++)
        {
            handles[i] = matrices[i].Handle;
        }

        fixed (nint* first = handles)
        {
            XgboostNative.Check(XgboostNative.XGBoosterCreate(first, (ulong)handles.Length, out _handle));
        }

        foreach ((string name, string value) in settings.ToParameters())
        {
            XgboostNative.Check(XgboostNative.XGBoosterSetParam(_handle, name, value));
        }
    }

    /// <summary>Grows one more tree.</summary>
    public void Grow(int iteration, XgboostMatrix train) =>
        XgboostNative.Check(XgboostNative.XGBoosterUpdateOneIter(_handle, iteration, train.Handle));

    /// <summary>Predicts rows with the first trees.</summary>
    /// <param name="matrix">The rows.</param>
    /// <param name="trees">How many trees; 0 for all.</param>
    /// <param name="predictions">One number a row.</param>
    public void Predict(XgboostMatrix matrix, int trees, Span<float> predictions)
    {
        string config = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"type":0,"training":false,"iteration_begin":0,"iteration_end":{{trees}},"strict_shape":true,"cache_id":0}""");
        XgboostNative.Check(XgboostNative.XGBoosterPredictFromDMatrix(_handle, matrix.Handle, config, out ulong* shape, out ulong dimensions, out float* result));
        if (dimensions < 1 || shape[0] != (ulong)matrix.Rows)
        {
            throw new XgboostException($"XGBoost: {matrix.Rows} rows were to be predicted, but the answer has another shape.");
        }

        new ReadOnlySpan<float>(result, matrix.Rows).CopyTo(predictions);
    }

    /// <summary>The model as XGBoost's JSON.</summary>
    public byte[] ToJson()
    {
        XgboostNative.Check(XgboostNative.XGBoosterSaveModelToBuffer(_handle, """{"format":"json"}""", out ulong length, out byte* bytes));
        return new ReadOnlySpan<byte>(bytes, checked((int)length)).ToArray();
    }

    public void Dispose()
    {
        if (_handle != 0)
        {
            _ = XgboostNative.XGBoosterFree(_handle);
            _handle = 0;
        }
    }
}
