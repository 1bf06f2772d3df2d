using PricingCore.Numerics;

namespace PricingCore.Bench.Rivals;

/// <summary>The events of this minute and so many before it, as a queue of their times.</summary>
internal sealed class NaiveSlidingWindow(int minutes)
{
    private readonly Queue<long> _times = new();

    public void Add(long occurredAt, long nowMinute)
    {
        Trim(nowMinute);
        if (occurredAt >= Begin(nowMinute))
        {
            _times.Enqueue(occurredAt);
        }
    }

    public int Count(long nowMinute)
    {
        Trim(nowMinute);
        return _times.Count;
    }

    private void Trim(long nowMinute)
    {
        long begin = Begin(nowMinute);
        while (_times.TryPeek(out long oldest) && oldest < begin)
        {
            _times.Dequeue();
        }
    }

    private long Begin(long nowMinute) => (nowMinute - minutes + 1) * UnixMicros.PerMinute;
}

/// <summary>The events of the open window and of the last closed one, aligned to the clock, as two queues of their times.</summary>
internal sealed class NaiveTumblingWindow(int minutes)
{
    private Queue<long> _open = new();
    private Queue<long> _closed = new();
    private long _number;

    public int OpenCount => _open.Count;

    public void Add(long occurredAt, long nowMinute)
    {
        Roll(nowMinute);
        long number = UnixMicros.MinuteOf(occurredAt) / minutes;
        if (number == _number)
        {
            _open.Enqueue(occurredAt);
        }
        else if (number == _number - 1)
        {
            _closed.Enqueue(occurredAt);
        }
    }

    public int CountClosed(long nowMinute)
    {
        Roll(nowMinute);
        return _closed.Count;
    }

    private void Roll(long nowMinute)
    {
        long number = nowMinute / minutes;
        if (number == _number)
        {
            return;
        }

        (_open, _closed) = (_closed, _open);
        _open.Clear();
        if (number != _number + 1)
        {
            _closed.Clear();
        }

        _number = number;
    }
}

/// <summary>Users who were active in this minute or the 29 before it.</summary>
internal sealed class NaiveSessions
{
    private const int GapMinutes = 30;

    private readonly Dictionary<string, long> _lastMinute = new(StringComparer.Ordinal);
    private readonly Queue<(string User, long Minute)> _order = new();

    public void Touch(string user, long minute, long nowMinute)
    {
        Trim(nowMinute);
        if (!_lastMinute.TryGetValue(user, out long last) || minute > last)
        {
            _lastMinute[user] = minute;
            _order.Enqueue((user, minute));
        }
    }

    public int Count(long nowMinute)
    {
        Trim(nowMinute);
        return _lastMinute.Count;
    }

    private void Trim(long nowMinute)
    {
        while (_order.TryPeek(out (string User, long Minute) oldest) && nowMinute - oldest.Minute >= GapMinutes)
        {
            _order.Dequeue();
            if (_lastMinute.TryGetValue(oldest.User, out long last) && last == oldest.Minute)
            {
                _lastMinute.Remove(oldest.User);
            }
        }
    }
}
