using System.Text.Json;
using PricingCore.Cli.Replay.Requests;
using PricingCore.Events;
using PricingCore.Quotes;

namespace PricingCore.Cli.Replay.Evaluation;

/// <summary>Compares the demand that each quote expected with the bookings that then came, by local hour.</summary>
/// <remarks>
/// Only quotes at full quarters of an hour with a forecast of 15 minutes are used, and only where the same quarter of the week
/// before was seen too, so that "same quarter last week" is judged on the same cases. WAPE is sum of |error| / sum of actual.
/// </remarks>
/// <threadsafety>One thread at a time.</threadsafety>
internal sealed class ForecastErrors : IReplayObserver
{
    private const int QuartersPerWeek = 7 * 24 * 4;

    private static readonly long QuarterTicks = TimeSpan.FromMinutes(15).Ticks;

    private readonly Dictionary<string, int> _regions = new(StringComparer.Ordinal);
    private readonly List<List<int>> _bookings = [];
    private readonly List<Expectation> _expectations = [];
    private long _firstQuarter = -1;
    private long _lastQuarter;

    public void Published(in MarketEvent marketEvent)
    {
        long quarter = marketEvent.OccurredAt.UtcTicks / QuarterTicks;
        _firstQuarter = _firstQuarter < 0 ? quarter : _firstQuarter;
        _lastQuarter = Math.Max(_lastQuarter, quarter);
        if (marketEvent.Kind != MarketEventKind.Booking || quarter < _firstQuarter)
        {
            return;
        }

        List<int> counts = _bookings[IndexOf(marketEvent.RegionId)];
        int index = (int)(quarter - _firstQuarter);
        while (counts.Count <= index)
        {
            counts.Add(0);
        }

        counts[index]++;
    }

    public void Answered(in ReplayRequest request, in Quote quote, TimeSpan took)
    {
        if (request.At.UtcTicks % QuarterTicks == 0 && quote.Decision.Forecast.HorizonMinutes == 15 && _firstQuarter >= 0)
        {
            int quarter = (int)((request.At.UtcTicks / QuarterTicks) - _firstQuarter);
            _expectations.Add(new Expectation(IndexOf(request.RegionId), quarter, quote.Decision.Inputs.Hour, quote.Decision.Inputs.Demand));
        }
    }

    public void Write(Stream output)
    {
        var byHour = new Errors[24];
        var total = new Errors();
        var city = new Dictionary<int, (double Expected, int Actual, int LastWeek, int Hour)>();
        foreach (Expectation expectation in _expectations.Where(IsJudged))
        {
            int actual = Count(expectation.Region, expectation.Quarter);
            int lastWeek = Count(expectation.Region, expectation.Quarter - QuartersPerWeek);
            byHour[expectation.Hour].Add(expectation.Demand, actual, lastWeek);
            total.Add(expectation.Demand, actual, lastWeek);
            (double Expected, int Actual, int LastWeek, int Hour) sum = city.GetValueOrDefault(expectation.Quarter);
            city[expectation.Quarter] = (sum.Expected + expectation.Demand, sum.Actual + actual, sum.LastWeek + lastWeek, expectation.Hour);
        }

        var cityByHour = new Errors[24];
        var cityTotal = new Errors();
        foreach ((double expected, int actual, int lastWeek, int hour) in city.Values)
        {
            cityByHour[hour].Add(expected, actual, lastWeek);
            cityTotal.Add(expected, actual, lastWeek);
        }

        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true, NewLine = "\n" });
        json.WriteStartObject();
        json.WriteNumber("horizon_minutes", 15);
        WriteErrors(json, "by_region", total);
        WriteErrors(json, "all_regions_together", cityTotal);
        json.WriteStartArray("hours");
        for (int hour = 0; hour < 24; hour++)
        {
            json.WriteStartObject();
            json.WriteNumber("hour", hour);
            WriteErrors(json, "by_region", byHour[hour]);
            WriteErrors(json, "all_regions_together", cityByHour[hour]);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteErrors(Utf8JsonWriter json, string name, in Errors errors)
    {
        json.WriteStartObject(name);
        json.WriteNumber("forecasts", errors.Forecasts);
        json.WriteNumber("bookings", errors.Actual);
        json.WriteNumber("expected", Math.Round(errors.Expected, 3));
        WriteShare(json, "wape", errors.Error, errors.Actual);
        WriteShare(json, "wape_same_quarter_last_week", errors.LastWeekError, errors.Actual);
        WriteShare(json, "bias", errors.Expected - errors.Actual, errors.Actual);
        json.WriteEndObject();
    }

    private static void WriteShare(Utf8JsonWriter json, string name, double sum, long actual)
    {
        if (actual > 0)
        {
            json.WriteNumber(name, Math.Round(sum / actual, 4));
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private bool IsJudged(Expectation expectation) =>
        expectation.Quarter >= QuartersPerWeek && expectation.Quarter + _firstQuarter < _lastQuarter; // The last quarter may not be whole.

    private int Count(int region, int quarter) => quarter < _bookings[region].Count ? _bookings[region][quarter] : 0;

    private int IndexOf(string region)
    {
        if (!_regions.TryGetValue(region, out int index))
        {
            index = _bookings.Count;
            _regions.Add(region, index);
            _bookings.Add([]);
        }

        return index;
    }

    private readonly record struct Expectation(int Region, int Quarter, int Hour, double Demand);

    private struct Errors
    {
        public long Forecasts;
        public long Actual;
        public double Expected;
        public double Error;
        public double LastWeekError;

        public void Add(double expected, int actual, int lastWeek)
        {
            Forecasts++;
            Actual += actual;
            Expected += expected;
            Error += Math.Abs(expected - actual);
            LastWeekError += Math.Abs(lastWeek - actual);
        }
    }
}
