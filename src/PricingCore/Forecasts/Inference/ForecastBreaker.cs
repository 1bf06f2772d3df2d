using PricingCore.Snapshots;

namespace PricingCore.Forecasts.Inference;

/// <summary>Stops asking a model that has missed several times in a row; after a pause one request tries again.</summary>
/// <threadsafety>One thread: the shard's loop.</threadsafety>
internal struct ForecastBreaker(int missesBeforeOpen, long pauseMicros)
{
    private int _misses;
    private long _openUntil;

    /// <summary>Whether it has missed too often since it last answered.</summary>
    public readonly bool IsOpen => _misses >= missesBeforeOpen;

    /// <summary>Whether the model may be asked now. While it is open: once a pause.</summary>
    public bool MayAsk(long now)
    {
        if (_misses < missesBeforeOpen)
        {
            return true;
        }

        if (now < _openUntil)
        {
            return false;
        }

        _openUntil = now + pauseMicros; // This one tries; the rest wait for what comes of it.
        return true;
    }

    /// <summary>The model has answered.</summary>
    public void Succeed() => _misses = 0;

    /// <summary>The model has missed.</summary>
    public void Miss(long now)
    {
        if (_misses < missesBeforeOpen && ++_misses == missesBeforeOpen)
        {
            _openUntil = now + pauseMicros;
        }
    }

    /// <summary>Writes the misses and the pause.</summary>
    public readonly void Save(StateWriter writer)
    {
        writer.Write(_misses);
        writer.Write(_openUntil);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public void Load(StateReader reader)
    {
        _misses = reader.Read<int>();
        _openUntil = reader.Read<long>();
    }

    /// <summary>Another model.</summary>
    public void Reset() => _misses = 0;
}
