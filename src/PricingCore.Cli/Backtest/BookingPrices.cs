using PricingCore.Money;

namespace PricingCore.Cli.Backtest;

/// <summary>Every booking of the journal at the price that each policy had in force when it came.</summary>
/// <remarks>
/// A booking of a product pays the last price of that product in its region; one that names no product, that of the product which policy A decided last
/// there. A booking before either policy has a price is counted and left out of everything else.
/// </remarks>
internal sealed class BookingPrices
{
    private const double MostBookings = 1_000; // What one booking becomes at most; a power law says absurd things of prices near 0.

    private readonly SortedDictionary<string, CurrencyRevenue> _revenue = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, PaidChange> _regions = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Region, int Hour), PaidChange> _cells = [];
    private readonly double _elasticity;

    private BookingPrices(double elasticity) => _elasticity = elasticity;

    /// <summary>Bookings of the journal, each counted once however often it was delivered.</summary>
    public long Counted { get; private set; }

    /// <summary>Bookings that both policies price.</summary>
    public long Priced { get; private set; }

    /// <summary>Bookings that policy A prices and policy B does not.</summary>
    public long OnlyA { get; private set; }

    /// <summary>Bookings that policy B prices and policy A does not.</summary>
    public long OnlyB { get; private set; }

    /// <summary>Priced bookings that elasticity leaves as they are: a price is 0, or the currencies differ.</summary>
    public long WithoutRatio { get; private set; }

    /// <summary>By currency code.</summary>
    public IReadOnlyList<CurrencyRevenue> Revenue => [.. _revenue.Values];

    /// <summary>By region.</summary>
    public IReadOnlyDictionary<string, PaidChange> Regions => _regions;

    /// <summary>By local hour.</summary>
    public IReadOnlyList<PaidChange> Hours { get; } = [.. Enumerable.Range(0, 24).Select(_ => new PaidChange())];

    /// <summary>Everything.</summary>
    public PaidChange All { get; } = new();

    /// <summary>Mean change in percent of a region at a local hour; not a number where nothing was booked.</summary>
    public double PercentAt(string region, int hour) => _cells.TryGetValue((region, hour), out PaidChange? cell) ? cell.MeanPercent : double.NaN;

    public static BookingPrices Of(PolicyRun a, PolicyRun b, double elasticity)
    {
        var prices = new BookingPrices(elasticity);
        ILookup<string, string> products = a.Lanes.Keys.Union(b.Lanes.Keys).ToLookup(lane => lane.Region, lane => lane.Product, StringComparer.Ordinal);
        foreach ((string region, List<SeenBooking> bookings) in a.Bookings)
        {
            ProductPrices[] offers = [.. products[region].Order(StringComparer.Ordinal).Select(product => new ProductPrices(
                product, a.Lanes.GetValueOrDefault((region, product)) ?? [], b.Lanes.GetValueOrDefault((region, product)) ?? []))];
            foreach (SeenBooking booking in bookings)
            {
                prices.Add(region, booking, offers);
            }
        }

        return prices;
    }

    private void Add(string region, SeenBooking booking, ProductPrices[] offers)
    {
        Counted++;
        ProductPrices? offer = null;
        foreach (ProductPrices candidate in offers)
        {
            candidate.MoveTo(booking.AtMicros);
            bool isMeant = booking.Product is null ? offer is null || candidate.DecidedAt > offer.DecidedAt : booking.Product == candidate.Product;
            offer = isMeant ? candidate : offer;
        }

        switch (offer?.OfA, offer?.OfB)
        {
            case ({ } ofA, { } ofB):
                Priced++;
                Add(region, ofA, ofB);
                break;
            case ({ }, null):
                OnlyA++;
                break;
            case (null, { }):
                OnlyB++;
                break;
        }
    }

    private void Add(string region, in PricedDecision a, in PricedDecision b)
    {
        CurrencyRevenue ofA = In(a.Currency);
        ofA.BookingsOfA++;
        ofA.A += a.MinorUnits;

        bool hasRatio = a.Currency == b.Currency && a.MinorUnits > 0 && b.MinorUnits > 0;
        WithoutRatio += hasRatio ? 0 : 1;
        double bookings = hasRatio ? Math.Min(MostBookings, Math.Pow((double)b.MinorUnits / a.MinorUnits, _elasticity)) : 1;
        CurrencyRevenue ofB = In(b.Currency);
        ofB.BookingsOfB++;
        ofB.BookingsAtElasticity += bookings;
        ofB.B += b.MinorUnits;
        ofB.BAtElasticity += b.MinorUnits * (decimal)bookings;

        if (a.Currency == b.Currency && a.MinorUnits > 0)
        {
            if (!_regions.TryGetValue(region, out PaidChange? ofRegion))
            {
                _regions[region] = ofRegion = new PaidChange();
            }

            if (!_cells.TryGetValue((region, a.Hour), out PaidChange? cell))
            {
                _cells[(region, a.Hour)] = cell = new PaidChange();
            }

            foreach (PaidChange group in (ReadOnlySpan<PaidChange>)[All, ofRegion, Hours[a.Hour], cell])
            {
                group.Add(a.MinorUnits, b.MinorUnits);
            }
        }
    }

    private CurrencyRevenue In(Currency currency)
    {
        if (!_revenue.TryGetValue(currency.Code, out CurrencyRevenue? revenue))
        {
            _revenue[currency.Code] = revenue = new CurrencyRevenue(currency);
        }

        return revenue;
    }

    /// <summary>The prices of a product of a region as time goes on.</summary>
    private sealed class ProductPrices(string product, List<PricedDecision> a, List<PricedDecision> b)
    {
        private int _passedOfA;
        private int _passedOfB;

        public string Product => product;

        public PricedDecision? OfA => _passedOfA == 0 ? null : a[_passedOfA - 1];

        public PricedDecision? OfB => _passedOfB == 0 ? null : b[_passedOfB - 1];

        public long DecidedAt => OfA?.AtMicros ?? long.MinValue;

        public void MoveTo(long micros)
        {
            while (_passedOfA < a.Count && a[_passedOfA].AtMicros <= micros)
            {
                _passedOfA++;
            }

            while (_passedOfB < b.Count && b[_passedOfB].AtMicros <= micros)
            {
                _passedOfB++;
            }
        }
    }
}
