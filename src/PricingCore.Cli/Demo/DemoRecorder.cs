using System.Diagnostics;
using PricingCore.Cli.Report.Charts;
using PricingCore.Events;
using PricingCore.Quotes;
using PricingCore.Rules;
using PricingCore.Testing.Cities;

namespace PricingCore.Cli.Demo;

/// <summary>Keeps what the report shows: counts a quarter of an hour, multipliers by region, latencies, and one quote worth explaining.</summary>
/// <threadsafety>One thread at a time.</threadsafety>
internal sealed class DemoRecorder
{
    private const int StepMinutes = 15;
    private const int StepsPerHour = 60 / StepMinutes;

    private readonly City _city;
    private readonly DateTimeOffset _start;
    private readonly double[][] _sums; // By region and step: multipliers added up, and how many.
    private readonly int[][] _counts;
    private readonly List<double> _micros = [];
    private readonly Dictionary<Rejection, long> _rejected = [];
    private Func<(int Free, int Busy)> _drivers = () => default;
    private int _step;

    /// <param name="city">The city.</param>
    /// <param name="start">When its first day begins; events before are history and only counted.</param>
    public DemoRecorder(City city, DateTimeOffset start)
    {
        _city = city;
        _start = start;
        Axis = new TimeAxis(city.Options.FirstDay.ToDateTime(TimeOnly.MinValue), TimeSpan.FromMinutes(StepMinutes), city.Options.Days * 24 * StepsPerHour);
        _sums = [.. city.Regions.Select(_ => new double[Axis.Count])];
        _counts = [.. city.Regions.Select(_ => new int[Axis.Count])];
        Searches = new double[Axis.Count];
        Bookings = new double[Axis.Count];
        Started = new double[Axis.Count];
        FreeDrivers = new double[Axis.Count];
        BusyDrivers = new double[Axis.Count];
    }

    public TimeAxis Axis { get; }

    /// <summary>When the first day begins.</summary>
    public DateTimeOffset Start => _start;

    public double[] Searches { get; }

    public double[] Bookings { get; }

    public double[] Started { get; }

    public double[] FreeDrivers { get; }

    public double[] BusyDrivers { get; }

    public long Events { get; private set; }

    public long Quotes => _micros.Count;

    /// <summary>Round trips of all quotes in microseconds, in the order they were asked.</summary>
    public IReadOnlyList<double> LatencyMicros => _micros;

    /// <summary>Events refused at the gate, by reason.</summary>
    public IReadOnlyDictionary<Rejection, long> Rejected => _rejected;

    /// <summary>The dearest quote of the stadium region, in multiples of its base price, with when it was given.</summary>
    public (Quote Quote, DateTimeOffset At)? Example { get; private set; }

    /// <summary>Says where the numbers of drivers are read from.</summary>
    public void Watch(CitySimulation simulation) => _drivers = () => (simulation.FreeDrivers, simulation.BusyDrivers);

    public void Saw(in MarketEvent marketEvent, Rejection rejection)
    {
        Events++;
        if (rejection != Rejection.None)
        {
            _rejected[rejection] = _rejected.GetValueOrDefault(rejection) + 1;
        }

        if (marketEvent.OccurredAt < _start)
        {
            return;
        }

        int step = StepOf(marketEvent.OccurredAt);
        SampleDrivers(step);
        switch (marketEvent.Kind)
        {
            case MarketEventKind.Search: Searches[step]++; break;
            case MarketEventKind.Booking: Bookings[step]++; break;
            case MarketEventKind.TripStarted: Started[step]++; break;
            default: break;
        }
    }

    public void Quoted(CityRegion region, DateTimeOffset at, in Quote quote, TimeSpan taken)
    {
        Debug.Assert(at >= _start, "Quotes are asked for in the simulated days only.");
        int step = StepOf(at);
        _sums[region.Index][step] += quote.Multiplier.Steps / (double)SurgeMultiplier.StepsPerOne;
        _counts[region.Index][step]++;
        _micros.Add(Math.Max(0.1, taken.TotalMicroseconds));
        if (region == _city.Stadium && (Example is not (Quote best, _) || quote.Multiplier > best.Multiplier))
        {
            Example = (quote, at);
        }
    }

    /// <summary>Says that the last event has been seen.</summary>
    public void Finish() => SampleDrivers(Axis.Count);

    /// <summary>Mean multiplier of a region in each step; not a number where nobody asked.</summary>
    public IReadOnlyList<double> Multipliers(int region) =>
        [.. _sums[region].Zip(_counts[region], (sum, count) => count == 0 ? double.NaN : sum / count)];

    /// <summary>Mean multiplier of a region in each hour of the day, over all days; not a number where nobody asked.</summary>
    public IReadOnlyList<double> HourlyMultipliers(int region)
    {
        double[] sums = new double[24];
        int[] counts = new int[24];
        for (int step = 0; step < Axis.Count; step++)
        {
            sums[step / StepsPerHour % 24] += _sums[region][step];
            counts[step / StepsPerHour % 24] += _counts[region][step];
        }

        return [.. sums.Zip(counts, (sum, count) => count == 0 ? double.NaN : sum / count)];
    }

    private int StepOf(DateTimeOffset at) => Math.Clamp((int)((at - _start).TotalMinutes / StepMinutes), 0, Axis.Count - 1);

    /// <summary>Drivers are counted at the end of each step, which is before the first event of the next.</summary>
    private void SampleDrivers(int step)
    {
        for (; _step < step; _step++)
        {
            (FreeDrivers[_step], BusyDrivers[_step]) = _drivers();
        }
    }
}
