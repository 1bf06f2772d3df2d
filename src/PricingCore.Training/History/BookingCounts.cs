namespace PricingCore.Training.History;

/// <summary>Bookings of one region by the minute in which they occurred; counts of any period by two look-ups.</summary>
/// <remarks>Only minutes with bookings take room: 12 bytes each.</remarks>
/// <threadsafety>One thread at a time.</threadsafety>
internal sealed class BookingCounts
{
    private long[] _minutes = new long[64];
    private int[] _totals = new int[64]; // Bookings up to and including that minute.
    private int _count;

    /// <summary>Adds bookings to a minute, or takes them away again; late ones are few and near the end.</summary>
    public void Add(long minute, int bookings = 1)
    {
        int at = _count - 1;
        while (at >= 0 && _minutes[at] > minute)
        {
            at--;
        }

        if (at < 0 || _minutes[at] != minute)
        {
            at++;
            Insert(at, minute);
        }

        for (int i = at; i < _count; i++)
        {
            _totals[i] += bookings;
        }
    }

    /// <summary>Bookings that occurred from one minute on, up to but not including another.</summary>
    public int CountIn(long fromMinute, long toMinute) => TotalBefore(toMinute) - TotalBefore(fromMinute);

    private int TotalBefore(long minute)
    {
        int at = Array.BinarySearch(_minutes, 0, _count, minute);
        int before = (at < 0 ? ~at : at) - 1;
        return before < 0 ? 0 : _totals[before];
    }

    private void Insert(int at, long minute)
    {
        if (_count == _minutes.Length)
        {
            Array.Resize(ref _minutes, _count * 2);
            Array.Resize(ref _totals, _count * 2);
        }

        _minutes.AsSpan(at, _count - at).CopyTo(_minutes.AsSpan(at + 1));
        _totals.AsSpan(at, _count - at).CopyTo(_totals.AsSpan(at + 1));
        _minutes[at] = minute;
        _totals[at] = at == 0 ? 0 : _totals[at - 1];
        _count++;
    }
}
