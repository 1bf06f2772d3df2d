namespace PricingCore.Events;

/// <summary>The numbers that an event carries: at most four, their meaning given by the kind.</summary>
/// <remarks>
/// <list type="table">
///   <item><term>demand and supply kinds, <c>Traffic</c>, <c>Holiday</c></term><description><see cref="First"/> is the value</description></item>
///   <item><term><c>Weather</c></term><description>temperature (deg C, -90 to 60), rain (mm/h, 0 to 500), wind (m/s, 0 to 120),
///   visibility (km, 0 to 100)</description></item>
///   <item><term><c>CityEvent</c></term><description>score (0 to 1), duration (minutes, 0 to 10,080; 180 when absent)</description></item>
/// </list>
/// <para>Absent numbers are <see cref="float.NaN"/>. <c>default</c> is four zeros, so use <see cref="None"/> for "no numbers".</para>
/// </remarks>
/// <param name="First">The value, the temperature or the score.</param>
/// <param name="Second">The rain or the duration.</param>
/// <param name="Third">The wind.</param>
/// <param name="Fourth">The visibility.</param>
/// <threadsafety>Immutable.</threadsafety>
public readonly record struct EventValues(float First, float Second, float Third, float Fourth)
{
    /// <summary>No numbers at all.</summary>
    public static EventValues None => new(float.NaN, float.NaN, float.NaN, float.NaN);

    /// <summary>One number.</summary>
    public static EventValues Of(float value) => new(value, float.NaN, float.NaN, float.NaN);

    /// <summary>Weather; leave out what is not known.</summary>
    public static EventValues Weather(
        float temperatureC = float.NaN, float rainMmPerHour = float.NaN, float windMetresPerSecond = float.NaN, float visibilityKm = float.NaN) =>
        new(temperatureC, rainMmPerHour, windMetresPerSecond, visibilityKm);

    /// <summary>A city event: how strong (0 to 1), and for how many minutes.</summary>
    public static EventValues CityEvent(float score, float durationMinutes = float.NaN) =>
        new(score, durationMinutes, float.NaN, float.NaN);
}
