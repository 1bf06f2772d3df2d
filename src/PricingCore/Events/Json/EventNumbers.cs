using System.Text;

namespace PricingCore.Events.Json;

/// <summary>The named numbers of one line, before its kind is known; turns them into <see cref="EventValues"/>.</summary>
/// <threadsafety>One thread at a time.</threadsafety>
internal sealed class EventNumbers
{
    /// <summary>Every name, in the order of the slots.</summary>
    public static readonly string[] Names =
        ["value", "temperature_c", "rain_mm_per_h", "wind_m_per_s", "visibility_km", "score", "duration_minutes"];

    private const int WeatherMask = 0b0011110;
    private const int CityEventMask = 0b1100000;
    private const int ValueMask = 0b0000001;

    private static readonly byte[][] Utf8Names = [.. Names.Select(Encoding.UTF8.GetBytes)];

    private readonly float[] _numbers = new float[Names.Length];
    private int _present;

    /// <summary>The slot of a name; -1 when there is none.</summary>
    public static int SlotOf(ReadOnlySpan<byte> name)
    {
        for (int slot = 0; slot < Utf8Names.Length; slot++)
        {
            if (name.SequenceEqual(Utf8Names[slot]))
            {
                return slot;
            }
        }

        return -1;
    }

    public void Clear() => _present = 0;

    public bool Has(int slot) => (_present & (1 << slot)) != 0;

    /// <summary>Keeps a number; false when it is not finite or does not fit in a <see cref="float"/>.</summary>
    public bool TrySet(int slot, double number)
    {
        float single = (float)number;
        if (!float.IsFinite(single))
        {
            return false;
        }

        _numbers[slot] = single;
        _present |= 1 << slot;
        return true;
    }

    /// <summary>The numbers in the order of the kind.</summary>
    public bool TryResolve(MarketEventKind kind, out EventValues values, out Problem problem)
    {
        values = EventValues.None;
        problem = default;
        if (_present == 0)
        {
            return true;
        }

        int allowed = MaskOf(kind);
        TakeValueAsFirstOf(allowed);
        int wrong = _present & ~allowed;
        if (wrong != 0)
        {
            string name = Names[int.TrailingZeroCount(wrong)];
            problem = new Problem(
                RejectReason.UnknownField, $"{RejectReason.SnakeCase(kind.ToString())} has no number '{name}'; it knows {KnownOf(allowed)}");
            return false;
        }

        values = allowed switch
        {
            WeatherMask => EventValues.Weather(At(1), At(2), At(3), At(4)),
            CityEventMask => EventValues.CityEvent(At(5), At(6)),
            _ => EventValues.Of(At(0)),
        };
        return true;
    }

    /// <summary>A plain <c>value</c> is the kind's first number: the score of a city event, the temperature of weather.</summary>
    private void TakeValueAsFirstOf(int allowed)
    {
        int first = int.TrailingZeroCount(allowed);
        if (first != 0 && Has(0) && !Has(first))
        {
            _numbers[first] = _numbers[0];
            _present = (_present & ~ValueMask) | (1 << first);
        }
    }

    private static int MaskOf(MarketEventKind kind) => kind switch
    {
        MarketEventKind.Weather => WeatherMask,
        MarketEventKind.CityEvent => CityEventMask,
        _ => ValueMask,
    };

    private static string KnownOf(int mask) => string.Join(", ", Names.Where((_, slot) => (mask & (1 << slot)) != 0));

    private float At(int slot) => Has(slot) ? _numbers[slot] : float.NaN;
}
