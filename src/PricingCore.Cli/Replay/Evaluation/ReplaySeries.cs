using PricingCore.Cli.Replay.Requests;
using PricingCore.Events;
using PricingCore.Quotes;

namespace PricingCore.Cli.Replay.Evaluation;

/// <summary>Collects what a report shows of a replay, in bounded memory: sums by hour of the replay, and by region and hour of the day.</summary>
/// <threadsafety>One thread at a time.</threadsafety>
internal sealed class ReplaySeries(TimeZoneInfo clock) : IReplayObserver
{
    /// <summary>Hours that are kept one by one: five years.</summary>
    private const int MaxHours = 5 * 366 * 24;

    private const int MaxLatencies = 1 << 18;

    private readonly List<HourOfReplay> _hours = [];
    private readonly Dictionary<string, RegionOfReplay> _regions = new(StringComparer.Ordinal);
    private readonly List<double> _latencies = [];
    private long _firstHour = -1;

    /// <summary>The local hour that <see cref="Hours"/> begins with.</summary>
    public DateTime Start { get; private set; }

    public IReadOnlyList<HourOfReplay> Hours => _hours;

    public IReadOnlyDictionary<string, RegionOfReplay> Regions => _regions;

    /// <summary>Round trips of quotes in microseconds; the first 262,144.</summary>
    public IReadOnlyList<double> LatenciesUs => _latencies;

    /// <summary>The quote with the highest multiplier.</summary>
    public (Quote Quote, DateTimeOffset At)? Dearest { get; private set; }

    public long Quotes { get; private set; }

    public void Published(in MarketEvent marketEvent)
    {
        if (HourAt(marketEvent.OccurredAt) is not { } hour)
        {
            return;
        }

        switch (marketEvent.Kind)
        {
            case MarketEventKind.Booking:
                hour.Bookings++;
                RegionAt(marketEvent.RegionId).Bookings++;
                break;
            case MarketEventKind.Weather when marketEvent.Values.Second > hour.Rain:
                hour.Rain = marketEvent.Values.Second;
                break;
        }
    }

    public void Answered(in ReplayRequest request, in Quote quote, TimeSpan took)
    {
        Quotes++;
        double multiplier = quote.Multiplier.Steps / 10_000d;
        if (HourAt(request.At) is { } hour)
        {
            hour.Quotes++;
            hour.MultiplierSum += multiplier;
            hour.MultiplierMax = Math.Max(hour.MultiplierMax, multiplier);
            hour.Expected += quote.Decision.Inputs.Demand;
        }

        RegionOfReplay region = RegionAt(request.RegionId);
        region.Quotes++;
        region.MultiplierMax = Math.Max(region.MultiplierMax, multiplier);
        region.Add(quote.Decision.Inputs.Hour, multiplier);
        if (Dearest is not { } dearest || quote.Multiplier > dearest.Quote.Multiplier)
        {
            Dearest = (quote, request.At);
        }

        if (_latencies.Count < MaxLatencies)
        {
            _latencies.Add(Math.Max(0.1, took.TotalMicroseconds));
        }
    }

    private HourOfReplay? HourAt(DateTimeOffset time)
    {
        long hour = time.UtcTicks / TimeSpan.TicksPerHour;
        if (_firstHour < 0)
        {
            _firstHour = hour;
            Start = TimeZoneInfo.ConvertTime(new DateTimeOffset(hour * TimeSpan.TicksPerHour, TimeSpan.Zero), clock).DateTime;
        }

        long index = hour - _firstHour;
        if (index is < 0 or >= MaxHours)
        {
            return null;
        }

        while (_hours.Count <= index)
        {
            _hours.Add(new HourOfReplay());
        }

        return _hours[(int)index];
    }

    private RegionOfReplay RegionAt(string id)
    {
        if (!_regions.TryGetValue(id, out RegionOfReplay? region))
        {
            region = new RegionOfReplay();
            _regions.Add(id, region);
        }

        return region;
    }
}

/// <summary>Sums of one hour of a replay over all regions.</summary>
internal sealed class HourOfReplay
{
    public long Bookings { get; set; }

    /// <summary>Millimetres an hour, the largest that was reported.</summary>
    public double Rain { get; set; }

    public long Quotes { get; set; }

    public double MultiplierSum { get; set; }

    public double MultiplierMax { get; set; }

    /// <summary>Sum of the bookings that quotes expected within their horizon.</summary>
    public double Expected { get; set; }

    public double MultiplierMean => Quotes > 0 ? MultiplierSum / Quotes : double.NaN;
}

/// <summary>Sums of one region of a replay.</summary>
internal sealed class RegionOfReplay
{
    private readonly double[] _sums = new double[24];
    private readonly long[] _counts = new long[24];

    public long Bookings { get; set; }

    public long Quotes { get; set; }

    public double MultiplierMax { get; set; }

    public double MultiplierMean => Quotes > 0 ? _sums.Sum() / Quotes : double.NaN;

    /// <summary>The mean multiplier of each local hour; not a number where there was no quote.</summary>
    public IReadOnlyList<double> ByHour => [.. _sums.Zip(_counts, (sum, count) => count > 0 ? sum / count : double.NaN)];

    public void Add(int hour, double multiplier)
    {
        _sums[hour] += multiplier;
        _counts[hour]++;
    }
}
