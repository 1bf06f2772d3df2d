namespace PricingCore.Forecasts.Inference;

/// <summary>A forecaster in memory, with a count of those who use it: it is disposed when the last one lets go.</summary>
/// <remarks>
/// Being in the registry is one use; each batch in the inference thread is another. The count never rises again from 0, so whoever
/// gets a use has a forecaster that stays.
/// </remarks>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class LoadedModel(int number, IForecaster forecaster, bool isOwned)
{
    private int _uses = 1;

    /// <summary>The number of its version.</summary>
    public int Number { get; } = number;

    public IForecaster Forecaster { get; } = forecaster;

    public ModelHealth Health { get; } = new();

    /// <summary>Begins a use; <see langword="false"/> when it is already gone.</summary>
    public bool TryUse()
    {
        int uses = Volatile.Read(ref _uses);
        while (uses > 0)
        {
            int seen = Interlocked.CompareExchange(ref _uses, uses + 1, uses);
            if (seen == uses)
            {
                return true;
            }

            uses = seen;
        }

        return false;
    }

    /// <summary>Ends a use.</summary>
    public void EndUse()
    {
        if (Interlocked.Decrement(ref _uses) == 0 && isOwned)
        {
            (Forecaster as IDisposable)?.Dispose();
        }
    }
}
