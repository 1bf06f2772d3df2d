using System.Buffers.Binary;
using PricingCore.Numerics;

namespace PricingCore.Training.History;

/// <summary>Says at which minutes which regions are to be sampled.</summary>
/// <remarks>
/// Time is cut into intervals. In each, a region has one minute: the first, or one drawn by a hash of region and interval. A region that
/// appears within an interval begins with the next.
/// </remarks>
/// <threadsafety>One thread at a time.</threadsafety>
internal sealed class SampleSchedule
{
    private readonly int _every;
    private readonly int _phase;
    private readonly bool _isSpread;
    private readonly long[]? _times;
    private readonly List<int>[] _due; // By the minute of the current interval.
    private readonly List<ulong> _hashes = [];
    private readonly List<int> _all = [];
    private int _nextTime;
    private long _interval = long.MinValue;

    public SampleSchedule(HistoryOptions options)
    {
        _every = (int)options.Every.TotalMinutes;
        _phase = (int)options.Phase.TotalMinutes;
        _isSpread = options.IsSpread;
        _times = options.Times?.Select(time => UnixMicros.MinuteOf(UnixMicros.From(time))).ToArray();
        _due = [.. Enumerable.Range(0, _isSpread ? _every : 1).Select(_ => new List<int>())];
    }

    /// <summary>Takes in a region; regions are numbered from 0 in the order of this call.</summary>
    public void Add(string regionId)
    {
        _all.Add(_hashes.Count);
        _hashes.Add(SipHash.Public.Hash64(regionId));
    }

    /// <summary>A number drawn for a region and a minute, the same on every machine; what is kept of too many rows depends on it.</summary>
    public ulong Draw(int region, long minute)
    {
        Span<byte> key = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(key, _hashes[region]);
        BinaryPrimitives.WriteInt64LittleEndian(key[8..], minute);
        return SipHash.Public.Hash64(key);
    }

    /// <summary>The regions to sample at the beginning of a minute; minutes are to be asked for in order, without a gap.</summary>
    public IReadOnlyList<int> DueAt(long minute)
    {
        if (_times is not null)
        {
            while (_nextTime < _times.Length && _times[_nextTime] < minute)
            {
                _nextTime++;
            }

            return _nextTime < _times.Length && _times[_nextTime] == minute ? _all : [];
        }

        (long interval, long offset) = Math.DivRem(minute - _phase, _every);
        if (interval != _interval)
        {
            _interval = interval;
            Plan();
        }

        return offset < _due.Length ? _due[offset] : [];
    }

    private void Plan()
    {
        foreach (List<int> due in _due)
        {
            due.Clear();
        }

        for (int region = 0; region < _hashes.Count; region++)
        {
            int offset = _isSpread ? (int)((uint)(Draw(region, _interval * _every) & uint.MaxValue) % (uint)_every) : 0;
            _due[offset].Add(region);
        }
    }
}
