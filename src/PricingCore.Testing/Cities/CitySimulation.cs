using PricingCore.Events;
using PricingCore.Rules;

namespace PricingCore.Testing.Cities;

/// <summary>Lets a city live through its days: customers search, see a price and book or not; drivers serve, move and rest.</summary>
/// <remarks>
/// <para>One thread, no clock, no randomness but the seed's: the same city and the same prices give the same events. All that is
/// random about customers is drawn apart from prices and drivers, so that two runs at other prices meet the same customers.</para>
/// <para>What is assumed about customers and drivers is listed in the package's README.</para>
/// </remarks>
/// <threadsafety>One thread at a time. Not to be run twice.</threadsafety>
public sealed class CitySimulation
{
    private readonly City _city;
    private readonly ICityMarket _market;
    private readonly CityClock _clock;
    private readonly CityDemand _demand;
    private readonly CityCustomers _customers;
    private readonly CityAgenda _agenda = new();
    private readonly CityStreets _streets;
    private readonly double[] _map;
    private long _now;

    /// <summary>Prepares a simulation.</summary>
    /// <param name="city">The city.</param>
    /// <param name="market">Where events go and prices come from.</param>
    public CitySimulation(City city, ICityMarket market)
    {
        ArgumentNullException.ThrowIfNull(city);
        ArgumentNullException.ThrowIfNull(market);
        _city = city;
        _market = market;
        _clock = new CityClock(city.Options);
        _demand = new CityDemand(city, _clock);
        _customers = new CityCustomers(city, _clock, _demand);
        _streets = new CityStreets(city, _clock, _demand, _agenda, Send);
        _map = new double[city.Regions.Count];
        Array.Fill(_map, 1);
        _now = _clock.Start;
    }

    /// <summary>When the first day begins.</summary>
    public DateTimeOffset Start => CityClock.At(_clock.Start);

    /// <summary>When the last day ends.</summary>
    public DateTimeOffset End => CityClock.At(_clock.End);

    /// <summary>The simulated time.</summary>
    public DateTimeOffset Now => CityClock.At(_now);

    /// <summary>The simulated time on the city's clocks.</summary>
    public DateTime LocalNow => _clock.Local(_now);

    /// <summary>Events published so far, history not among them.</summary>
    public long Events { get; private set; }

    /// <summary>Drivers on duty without a trip.</summary>
    public int FreeDrivers => _streets.Fleet.Free;

    /// <summary>Drivers on the way to a customer or with one.</summary>
    public int BusyDrivers => _streets.Fleet.Busy;

    /// <summary>Publishes the bookings of the days before <see cref="Start"/>; to be called first, if at all.</summary>
    /// <returns>How many there were.</returns>
    public long PublishHistory() => CityHistory.Publish(_city, _clock, _demand, _market);

    /// <summary>Runs from <see cref="Start"/> to <see cref="End"/>.</summary>
    /// <param name="cancellationToken">Stops the run between two events.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async Task<CityResult> RunAsync(CancellationToken cancellationToken = default)
    {
        Plan();
        while (_agenda.TryTake(out CityTask task, out long at) && at < _clock.End)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _now = at;
            _streets.Now = at;
            switch (task.Kind)
            {
                case CityTaskKind.Search:
                    await SearchAsync(task.Subject).ConfigureAwait(false);
                    break;
                case CityTaskKind.MapRefresh:
                    await RefreshMapAsync().ConfigureAwait(false);
                    break;
                case CityTaskKind.Weather:
                    SendWeather();
                    break;
                case CityTaskKind.StadiumEvent:
                    CityDay day = _city.Days[task.Subject];
                    TimeSpan untilQuiet = day.EventTo!.Value - day.EventFrom!.Value + TimeSpan.FromHours(1);
                    Send(MarketEvent.CityEvent(_city.Stadium.Id, Now, score: 0.9f, untilQuiet));
                    break;
                default:
                    _streets.Do(task);
                    break;
            }
        }

        _now = _clock.End;
        return new CityResult([.. _city.Regions.Select(region => _streets.Tallies[region.Index].Result(region))], Events, _streets.Redelivered);
    }

    private void Send(MarketEvent marketEvent)
    {
        Events++;
        _market.Publish(marketEvent);
    }

    private void Plan()
    {
        for (long at = _clock.Start; at < _clock.End; at += CityClock.Hour / 2)
        {
            _agenda.Add(at, CityTaskKind.Weather, 0);
        }

        long refresh = _city.Options.MapRefresh.Ticks / TimeSpan.TicksPerMicrosecond;
        for (long at = _clock.Start + refresh; at < _clock.End; at += refresh)
        {
            _agenda.Add(at, CityTaskKind.MapRefresh, 0);
        }

        foreach ((int index, CityDay day) in _city.Days.Index())
        {
            if (day.EventFrom is DateTime from)
            {
                _agenda.Add(_clock.Micros(from), CityTaskKind.StadiumEvent, index);
            }

            if (day.RainFrom is DateTime rainFrom)
            {
                _agenda.Add(_clock.Micros(rainFrom), CityTaskKind.Weather, 0);
                _agenda.Add(_clock.Micros(day.RainTo!.Value), CityTaskKind.Weather, 0);
            }
        }

        _streets.PlanShifts();
        for (int region = 0; region < _city.Regions.Count; region++)
        {
            PlanSearch(region);
        }
    }

    private void PlanSearch(int region)
    {
        long at = _customers.NextSearch(region, _now);
        if (at != long.MaxValue)
        {
            _agenda.Add(at, CityTaskKind.Search, region);
        }
    }

    private async ValueTask SearchAsync(int region)
    {
        CitySearch search = _customers.Search(region, _now);
        CityRegion place = _city.Regions[region];
        Send(MarketEvent.Search(place.Id, Now, search.UserId));
        CityQuote quote = await _market.AskAsync(new CityQuoteRequest(place, Now, IsMap: false)).ConfigureAwait(false);
        Send(new MarketEvent(MarketEventKind.View, place.Id, Now) { UserId = search.UserId });
        _streets.Tallies[region].Quoted(quote.Multiplier);
        if (_customers.Books(search, Ratio(quote.Multiplier)))
        {
            _streets.PlanBooking(search, quote.PriceMinorUnits);
        }

        PlanSearch(region);
    }

    private async ValueTask RefreshMapAsync()
    {
        foreach (CityRegion region in _city.Regions)
        {
            CityQuote quote = await _market.AskAsync(new CityQuoteRequest(region, Now, IsMap: true)).ConfigureAwait(false);
            _map[region.Index] = Ratio(quote.Multiplier);
        }

        _streets.Map = _map;
    }

    private void SendWeather()
    {
        DateTime local = LocalNow;
        float rain = _city.Days.Where(day => day.IsRaining(local)).Select(day => day.RainMmPerHour).FirstOrDefault();
        double warmest = 1 - (Math.Abs(local.TimeOfDay.TotalHours - 15) / 15);
        float temperature = (float)(13 + (11 * Math.Max(0, warmest)) - (rain > 0 ? 4 : 0));
        EventValues weather = EventValues.Weather(temperature, rain, rain > 0 ? 8 : 3, rain > 0 ? 5 : 20);
        Send(MarketEvent.Weather(MarketEvent.AllRegions, Now, weather));
        _streets.IsRaining = rain > 0;
    }

    private static double Ratio(SurgeMultiplier multiplier) => multiplier.Steps / (double)SurgeMultiplier.StepsPerOne;
}
