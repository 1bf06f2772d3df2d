namespace PricingCore.Events;

/// <summary>The numbers that an event carries: at most four, their meaning given by the kind.</summary>
/// <remarks>
/// <list type="table">
///   <item><term>demand and supply kinds, <c>Traffic</c>, <c>Holiday</c></term><description><see cref="First"/> is the value</description></item>
///   <item><term><c>Weather</c></term><description>temperature (deg C, -90 to 60), rain (mm/h, 0 to 500), wind (m/s, 0 to 120),
///   visibility (km, 0 to 100)</description></item>
///   <item><term><c>CityEvent</c></term><description>score (0 to 1), duration (minutes, 0 to 10,080; 180 when absent)</description></item>
/// </list>
/// <para>A number that is absent is <see cref="float.NaN"/>. The default value of this type has none: it is <see cref="None"/>.</para>
/// </remarks>
/// <threadsafety>Immutable.</threadsafety>
public readonly record struct EventValues
{
    // Kept as the difference from the bits of NaN, so that cleared memory means "no numbers" and not four zeros.
    private readonly uint _first;
    private readonly uint _second;
    private readonly uint _third;
    private readonly uint _fourth;

    /// <summary>Up to four numbers; <see cref="float.NaN"/> for those that are absent.</summary>
    /// <param name="first">The value, the temperature or the score.</param>
    /// <param name="second">The rain or the duration.</param>
    /// <param name="third">The wind.</param>
    /// <param name="fourth">The visibility.</param>
    public EventValues(float first, float second = float.NaN, float third = float.NaN, float fourth = float.NaN)
    {
        _first = Encode(first);
        _second = Encode(second);
        _third = Encode(third);
        _fourth = Encode(fourth);
    }

    /// <summary>No numbers at all.</summary>
    public static EventValues None => default;

    /// <summary>The value, the temperature or the score.</summary>
    public float First => Decode(_first);

    /// <summary>The rain or the duration.</summary>
    public float Second => Decode(_second);

    /// <summary>The wind.</summary>
    public float Third => Decode(_third);

    /// <summary>The visibility.</summary>
    public float Fourth => Decode(_fourth);

    /// <summary>Whether all four are absent.</summary>
    internal bool IsNone => (_first | _second | _third | _fourth) == 0;

    private static uint NoNumber => BitConverter.SingleToUInt32Bits(float.NaN);

    /// <summary>One number.</summary>
    public static EventValues Of(float value) => new(value);

    /// <summary>Weather; leave out what is not known.</summary>
    public static EventValues Weather(
        float temperatureC = float.NaN, float rainMmPerHour = float.NaN, float windMetresPerSecond = float.NaN, float visibilityKm = float.NaN) =>
        new(temperatureC, rainMmPerHour, windMetresPerSecond, visibilityKm);

    /// <summary>A city event: how strong (0 to 1), and for how many minutes.</summary>
    public static EventValues CityEvent(float score, float durationMinutes = float.NaN) => new(score, durationMinutes);

    private static uint Encode(float value) => float.IsNaN(value) ? 0 : BitConverter.SingleToUInt32Bits(value) ^ NoNumber;

    private static float Decode(uint bits) => BitConverter.UInt32BitsToSingle(bits ^ NoNumber);
}
