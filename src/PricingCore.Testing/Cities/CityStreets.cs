using PricingCore.Events;

namespace PricingCore.Testing.Cities;

/// <summary>What happens on the streets: bookings find drivers or are given up, trips are ridden, drivers move and rest.</summary>
internal sealed class CityStreets(City city, CityClock clock, CityDemand demand, CityAgenda agenda, Action<MarketEvent> send)
{
    private const double RainSlowdown = 1.3;
    private const double WorthMoving = 1.3; // Drivers move for at least this much more appeal.
    private const double MovingShare = 0.6; // Not every driver looks at the map each time.

    private readonly List<CityTrip> _trips = [];
    private readonly Queue<CityTrip>[] _waiting = [.. city.Regions.Select(_ => new Queue<CityTrip>())];

    public CityFleet Fleet { get; } = new(city);

    public IReadOnlyList<RegionTally> Tallies { get; } = [.. city.Regions.Select(_ => new RegionTally())];

    public long Now { get; set; }

    public bool IsRaining { get; set; }

    /// <summary>Multipliers as the drivers last saw them; null before they first look.</summary>
    public IReadOnlyList<double>? Map { get; set; }

    public long Redelivered { get; private set; }

    public void Do(CityTask task)
    {
        switch (task.Kind)
        {
            case CityTaskKind.Book: Book(_trips[task.Subject]); break;
            case CityTaskKind.GiveUp: GiveUp(_trips[task.Subject]); break;
            case CityTaskKind.PickUp: PickUp(_trips[task.Subject]); break;
            case CityTaskKind.DropOff: DropOff(_trips[task.Subject]); break;
            case CityTaskKind.ShiftStart: StartShift(Fleet.Drivers[task.Subject]); break;
            case CityTaskKind.ShiftEnd: EndShift(Fleet.Drivers[task.Subject]); break;
            case CityTaskKind.LookAround: LookAround(Fleet.Drivers[task.Subject]); break;
            default: throw new InvalidOperationException($"{task.Kind} does not happen on the streets.");
        }
    }

    /// <summary>Plans the shifts of every day; who began the evening before is on duty at midnight.</summary>
    public void PlanShifts()
    {
        foreach (CityDriver driver in Fleet.Drivers)
        {
            for (int day = -1; day < city.Options.Days; day++)
            {
                long start = clock.Start + (day * CityClock.Day) + driver.ShiftStart;
                long end = start + driver.ShiftLength;
                if (end > clock.Start)
                {
                    agenda.Add(Math.Max(start, clock.Start), CityTaskKind.ShiftStart, driver.Index);
                    agenda.Add(end, CityTaskKind.ShiftEnd, driver.Index);
                }
            }
        }
    }

    public void PlanBooking(in CitySearch search, long priceMinorUnits)
    {
        _trips.Add(new CityTrip
        {
            Index = _trips.Count,
            From = search.Region,
            To = search.To,
            UserId = search.UserId,
            Key = $"{city.Regions[search.Region].Id}-{search.Number}",
            IsRedelivered = search.IsRedelivered,
            PriceMinorUnits = priceMinorUnits,
            PatienceMicros = search.PatienceMicros,
            RideMicros = search.RideMicros,
        });
        agenda.Add(Now + search.DecidesAfter, CityTaskKind.Book, _trips.Count - 1);
    }

    private void Book(CityTrip trip)
    {
        MarketEvent booking = MarketEvent.Booking(city.Regions[trip.From].Id, CityClock.At(Now), trip.UserId) with { IdempotencyKey = trip.Key };
        send(booking);
        if (trip.IsRedelivered)
        {
            send(booking);
            Redelivered++;
        }

        trip.BookedAt = Now;
        Tallies[trip.From].Bookings++;
        if (Fleet.Nearest(trip.From) is CityDriver driver)
        {
            Assign(driver, trip);
        }
        else
        {
            trip.IsWaiting = true;
            _waiting[trip.From].Enqueue(trip);
            agenda.Add(Now + trip.PatienceMicros, CityTaskKind.GiveUp, trip.Index);
        }
    }

    private void GiveUp(CityTrip trip)
    {
        if (trip.IsWaiting)
        {
            trip.IsWaiting = false;
            Tallies[trip.From].Unserved++;
            send(MarketEvent.Cancel(city.Regions[trip.From].Id, CityClock.At(Now), trip.UserId));
        }
    }

    private void Assign(CityDriver driver, CityTrip trip)
    {
        send(MarketEvent.SupplyBusy(city.Regions[driver.Region].Id, driver.UnitId, CityClock.At(Now)));
        bool isNear = driver.Region == trip.From;
        long approach = (long)((isNear ? driver.Random.Between(2, 5) : driver.Random.Between(5, 9)) * Slowness * CityClock.Minute);
        Fleet.SetBusy(driver);
        trip.IsWaiting = false;
        trip.Driver = driver;
        RegionTally tally = Tallies[trip.From];
        tally.Served++;
        tally.Revenue += trip.PriceMinorUnits;
        tally.WaitMicros += Now + approach - trip.BookedAt;
        agenda.Add(Now + approach, CityTaskKind.PickUp, trip.Index);
    }

    private void PickUp(CityTrip trip)
    {
        CityDriver driver = trip.Driver!;
        if (driver.Region != trip.From)
        {
            driver.Region = trip.From;
            ReportPlace(driver);
        }

        send(new MarketEvent(MarketEventKind.TripStarted, city.Regions[trip.From].Id, CityClock.At(Now)) { UnitId = driver.UnitId, UserId = trip.UserId });
        agenda.Add(Now + (long)(trip.RideMicros * Slowness), CityTaskKind.DropOff, trip.Index);
    }

    private void DropOff(CityTrip trip)
    {
        CityDriver driver = trip.Driver!;
        send(new MarketEvent(MarketEventKind.TripEnded, city.Regions[trip.To].Id, CityClock.At(Now)) { UnitId = driver.UnitId, UserId = trip.UserId });
        Fleet.SetFree(driver, trip.To);
        if (driver.IsLeaving)
        {
            GoHome(driver);
            return;
        }

        send(MarketEvent.SupplyAvailable(city.Regions[trip.To].Id, driver.UnitId, CityClock.At(Now)));
        ServeNext(driver);
    }

    private void StartShift(CityDriver driver)
    {
        driver.IsLeaving = false;
        if (driver.State != CityDriverState.Offline)
        {
            return;
        }

        Fleet.SetFree(driver, driver.Home);
        send(MarketEvent.SupplyAvailable(city.Regions[driver.Home].Id, driver.UnitId, CityClock.At(Now)));
        agenda.Add(Now + (long)(driver.Random.Unit() * RefreshMicros), CityTaskKind.LookAround, driver.Index);
        ServeNext(driver);
    }

    private void EndShift(CityDriver driver)
    {
        if (driver.State == CityDriverState.Free)
        {
            GoHome(driver);
        }

        driver.IsLeaving = driver.State == CityDriverState.Busy;
    }

    private void GoHome(CityDriver driver)
    {
        send(new MarketEvent(MarketEventKind.SupplyOffline, city.Regions[driver.Region].Id, CityClock.At(Now)) { UnitId = driver.UnitId });
        Fleet.SetOffline(driver);
        driver.IsLeaving = false;
    }

    /// <summary>A free driver takes the customer who has waited longest here, or else next door.</summary>
    private void ServeNext(CityDriver driver)
    {
        CityTrip? next = Longest(driver.Region);
        foreach (int neighbour in next is null ? city.Regions[driver.Region].Neighbours : [])
        {
            CityTrip? other = Longest(neighbour);
            next = next is null || other?.BookedAt < next.BookedAt ? other ?? next : next;
        }

        if (next is not null)
        {
            Assign(driver, next);
        }
    }

    private CityTrip? Longest(int region)
    {
        while (_waiting[region].TryPeek(out CityTrip? trip))
        {
            if (trip.IsWaiting)
            {
                return trip;
            }

            _waiting[region].Dequeue();
        }

        return null;
    }

    /// <summary>Drivers report where they are; free ones go to the neighbour that promises clearly more.</summary>
    private void LookAround(CityDriver driver)
    {
        if (driver.State == CityDriverState.Offline)
        {
            return;
        }

        if (driver.State == CityDriverState.Free)
        {
            int best = driver.Region;
            double most = Appeal(best, isHere: true) * WorthMoving;
            foreach (int neighbour in city.Regions[driver.Region].Neighbours)
            {
                double appeal = Appeal(neighbour, isHere: false);
                (best, most) = appeal > most ? (neighbour, appeal) : (best, most);
            }

            if (best != driver.Region && driver.Random.Unit() < MovingShare)
            {
                Fleet.Move(driver, best);
            }
        }

        ReportPlace(driver);
        agenda.Add(Now + RefreshMicros, CityTaskKind.LookAround, driver.Index);
        if (driver.State == CityDriverState.Free)
        {
            ServeNext(driver);
        }
    }

    /// <summary>What drivers expect of a region: its usual searches for each free driver, times the square of the multiplier on the map.</summary>
    private double Appeal(int region, bool isHere)
    {
        double multiplier = Map is null ? 1 : Map[region];
        return demand.Usual(region, Now) * multiplier * multiplier / (Fleet.FreeIn(region) + (isHere ? 0 : 1));
    }

    private void ReportPlace(CityDriver driver) =>
        send(new MarketEvent(MarketEventKind.SupplyMoved, city.Regions[driver.Region].Id, CityClock.At(Now)) { UnitId = driver.UnitId });

    private double Slowness => IsRaining ? RainSlowdown : 1;

    private long RefreshMicros => city.Options.MapRefresh.Ticks / TimeSpan.TicksPerMicrosecond;
}
