using PricingCore.Events;

namespace PricingCore.Cli.Panels;

/// <summary>Turns the rows of a panel into events of the engine's own kinds, in order of receive time.</summary>
/// <remarks>
/// <para>A count becomes bookings that are spread evenly over the bucket: booking i of n happens at (i + 1/2) / n of it, to the
/// microsecond, and is received when it happens. With per_event, n is the count divided by it; what does not fill a booking is carried
/// over to the region's next row, so that sums stay right.</para>
/// <para>Covariates become Weather and Holiday events one microsecond before the bucket's start plus their lag, since a forecast made at
/// a time knows what was received before it. They happen when they become known: an event cannot be received long after it happened.</para>
/// </remarks>
internal static class PanelEvents
{
    private static readonly TimeSpan OneMicrosecond = TimeSpan.FromMicroseconds(1);

    /// <summary>The events of a panel.</summary>
    public static IEnumerable<(MarketEvent Event, DateTimeOffset ReceivedAt)> Of(Panel panel)
    {
        // Known things first: what becomes known at a time is known to a forecast made then.
        using IEnumerator<(MarketEvent Event, DateTimeOffset ReceivedAt)> known = Covariates(panel).GetEnumerator();
        bool hasKnown = known.MoveNext();
        foreach ((MarketEvent Event, DateTimeOffset ReceivedAt) booking in Bookings(panel))
        {
            while (hasKnown && known.Current.ReceivedAt <= booking.ReceivedAt)
            {
                yield return known.Current;
                hasKnown = known.MoveNext();
            }

            yield return booking;
        }

        while (hasKnown)
        {
            yield return known.Current;
            hasKnown = known.MoveNext();
        }
    }

    private static IEnumerable<(MarketEvent Event, DateTimeOffset ReceivedAt)> Bookings(Panel panel)
    {
        long bucketMicros = panel.Mapping.Bucket.Ticks / TimeSpan.TicksPerMicrosecond;
        var carried = new Dictionary<string, double>(StringComparer.Ordinal);
        var next = new PriorityQueue<(string Region, int Made, int Count), (long Micros, int Row)>();
        for (int from = 0; from < panel.Rows.Count;)
        {
            DateTimeOffset start = panel.Rows[from].Start;
            int row = from;
            for (; row < panel.Rows.Count && panel.Rows[row].Start == start; row++)
            {
                PanelRow found = panel.Rows[row];
                double exact = (found.Count / panel.Mapping.PerEvent) + carried.GetValueOrDefault(found.Region);
                int count = (int)Math.Floor(exact + 1e-9);
                carried[found.Region] = exact - count;
                if (count > 0)
                {
                    next.Enqueue((found.Region, 0, count), (MicrosOf(0, count, bucketMicros), row));
                }
            }

            from = row;
            while (next.TryDequeue(out (string Region, int Made, int Count) bookings, out (long Micros, int Row) due))
            {
                DateTimeOffset at = start.AddTicks(due.Micros * TimeSpan.TicksPerMicrosecond);
                yield return (MarketEvent.Booking(bookings.Region, at), at);
                int made = bookings.Made + 1;
                if (made < bookings.Count)
                {
                    next.Enqueue(bookings with { Made = made }, (MicrosOf(made, bookings.Count, bucketMicros), due.Row));
                }
            }
        }
    }

    /// <summary>Where in the bucket a booking lies: never at its very start, which belongs to the bucket before.</summary>
    private static long MicrosOf(int index, int count, long bucketMicros) => Math.Max(1, ((2L * index) + 1) * bucketMicros / (2L * count));

    private static IEnumerable<(MarketEvent Event, DateTimeOffset ReceivedAt)> Covariates(Panel panel)
    {
        IReadOnlyList<PanelCovariate> covariates = panel.Mapping.Covariates;
        var events = new List<(MarketEvent Event, DateTimeOffset ReceivedAt)>();
        TimeSpan[] lags = [.. covariates.Select(covariate => covariate.Lag).Distinct().Order()];
        foreach (PanelRow row in panel.Rows)
        {
            foreach (TimeSpan lag in lags)
            {
                DateTimeOffset at = row.Start + lag - OneMicrosecond;
                float Number(string name)
                {
                    for (int i = 0; i < covariates.Count; i++)
                    {
                        if (covariates[i].Name == name && covariates[i].Lag == lag)
                        {
                            return row.Covariates[i];
                        }
                    }

                    return float.NaN;
                }

                float[] weather = [.. PanelCovariate.Names[..4].Select(Number)];
                if (weather.Any(float.IsFinite))
                {
                    events.Add((new MarketEvent(MarketEventKind.Weather, row.Region, at)
                    {
                        Values = EventValues.Weather(weather[0], weather[1], weather[2], weather[3]),
                    }, at));
                }

                float holiday = Number(PanelCovariate.Holiday);
                if (float.IsFinite(holiday))
                {
                    events.Add((new MarketEvent(MarketEventKind.Holiday, row.Region, at) { Values = EventValues.Of(holiday) }, at));
                }
            }
        }

        return events.OrderBy(found => found.ReceivedAt); // A stable sort: rows stay in their order.
    }
}
