using PricingCore.Events;

namespace PricingCore.Features;

/// <summary>A feature that a host declares: an aggregate of one kind of event over a window.</summary>
/// <param name="Event">The kind of event: a demand kind, or supply with a value.</param>
/// <param name="Aggregate">What to make of the events.</param>
/// <param name="Window">How the window lies.</param>
/// <param name="WindowMinutes">Its length: 1 to 60 minutes.</param>
/// <param name="LagHours">
/// 0, or how many clock hours back to look (1 to 192). With a lag the window is the whole clock hour: 60 minutes, count or sum.
/// </param>
/// <threadsafety>Immutable.</threadsafety>
public sealed record WindowedFeature(
    MarketEventKind Event, EventAggregate Aggregate, WindowKind Window, int WindowMinutes, int LagHours = 0)
{
    /// <summary>The longest window in minutes: 60.</summary>
    public const int MaxWindowMinutes = 60;

    /// <summary>The longest lag in hours: 192, a week and a day, so that last week can be compared with the hours before it.</summary>
    public const int MaxLagHours = 192;

    /// <summary>Says what is wrong with the declaration; null when nothing is.</summary>
    public string? FindError()
    {
        if (EventGate.IsExternal(Event) || Event is MarketEventKind.None or >= MarketEventKind.RulesPublished || !Enum.IsDefined(Event))
        {
            return $"event {Event} cannot be aggregated; use a demand or supply kind.";
        }

        if (WindowMinutes is < 1 or > MaxWindowMinutes)
        {
            return $"window is {WindowMinutes} min; it must be from 1 to {MaxWindowMinutes}.";
        }

        if (LagHours is < 0 or > MaxLagHours)
        {
            return $"lag is {LagHours} h; it must be from 0 to {MaxLagHours}.";
        }

        bool isHourly = WindowMinutes == MaxWindowMinutes && Aggregate is EventAggregate.Count or EventAggregate.Sum;
        return LagHours > 0 && !isHourly
            ? "a lag reads whole clock hours: give a window of 60 min and the aggregate count or sum."
            : null;
    }
}
