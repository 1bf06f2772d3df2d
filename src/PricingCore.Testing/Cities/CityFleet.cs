namespace PricingCore.Testing.Cities;

/// <summary>All drivers: where they are, and who of them is free, the longest idle first.</summary>
internal sealed class CityFleet
{
    private readonly City _city;
    private readonly List<CityDriver>[] _free;

    public CityFleet(City city)
    {
        _city = city;
        _free = [.. city.Regions.Select(_ => new List<CityDriver>())];
        CityRandom random = new(city.Options.Seed, CityStream.Shifts);
        Drivers = [.. Enumerable.Range(0, city.Options.Drivers).Select(index => new CityDriver(index, HomeOf(random), city.Options.Seed)
        {
            ShiftStart = ShiftStartOf(random),
            ShiftLength = (long)(random.Between(7, 10) * CityClock.Hour),
        })];
    }

    public IReadOnlyList<CityDriver> Drivers { get; }

    public int Free { get; private set; }

    public int Busy { get; private set; }

    public int FreeIn(int region) => _free[region].Count;

    /// <summary>A driver begins a shift or ends a trip: free from now on.</summary>
    public void SetFree(CityDriver driver, int region)
    {
        Busy -= driver.State == CityDriverState.Busy ? 1 : 0;
        Free++;
        driver.State = CityDriverState.Free;
        driver.Region = region;
        _free[region].Add(driver);
    }

    public void SetBusy(CityDriver driver)
    {
        Leave(driver);
        driver.State = CityDriverState.Busy;
        Busy++;
    }

    public void SetOffline(CityDriver driver)
    {
        Leave(driver);
        driver.State = CityDriverState.Offline;
    }

    public void Move(CityDriver driver, int region)
    {
        Leave(driver);
        SetFree(driver, region);
    }

    /// <summary>The longest idle driver of a region, or else of the neighbour with most free drivers; null when all are taken.</summary>
    public CityDriver? Nearest(int region)
    {
        if (_free[region].Count > 0)
        {
            return _free[region][0];
        }

        int best = -1;
        foreach (int neighbour in _city.Regions[region].Neighbours)
        {
            if (_free[neighbour].Count > (best < 0 ? 0 : _free[best].Count))
            {
                best = neighbour;
            }
        }

        return best < 0 ? null : _free[best][0];
    }

    private void Leave(CityDriver driver)
    {
        if (driver.State == CityDriverState.Free)
        {
            _free[driver.Region].Remove(driver);
            Free--;
        }
    }

    private int HomeOf(CityRandom random)
    {
        // Two tries: drivers live where people do, a little less often downtown.
        int home = random.Below(_city.Regions.Count);
        return _city.Regions[home].Kind == CityRegionKind.Suburb ? home : random.Below(_city.Regions.Count);
    }

    /// <summary>Microseconds after midnight: four waves of shifts, the largest before the evening.</summary>
    private static long ShiftStartOf(CityRandom random)
    {
        double wave = random.Unit();
        double hour = wave < 0.36 ? random.Between(4.5, 7) : wave < 0.52 ? random.Between(8, 12) : wave < 0.87 ? random.Between(13, 17) : random.Between(18.5, 21);
        return (long)(hour * CityClock.Hour);
    }
}

/// <summary>One driver.</summary>
internal sealed class CityDriver(int index, int home, ulong seed)
{
    public int Index { get; } = index;

    public string UnitId { get; } = $"driver-{index:0000}";

    public int Home { get; } = home;

    /// <summary>This driver's own whims.</summary>
    public CityRandom Random { get; } = new(seed, CityStream.Drivers, index);

    /// <summary>Microseconds after local midnight.</summary>
    public long ShiftStart { get; init; }

    public long ShiftLength { get; init; }

    public CityDriverState State { get; set; }

    public int Region { get; set; }

    /// <summary>Whether the driver goes home after the current trip.</summary>
    public bool IsLeaving { get; set; }
}

internal enum CityDriverState
{
    Offline,
    Free,
    Busy,
}
