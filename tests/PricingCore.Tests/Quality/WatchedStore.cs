using PricingCore.Events;
using PricingCore.Features;
using PricingCore.Forecasts;
using PricingCore.Numerics;
using PricingCore.Quality;
using PricingCore.Regions;
using PricingCore.Tests.Features;

namespace PricingCore.Tests.Quality;

/// <summary>A feature store that is watched, on the test's own thread: each tick publishes every region's row, as a loop does.</summary>
internal sealed class WatchedStore
{
    private readonly StoreUnderTest _store;
    private readonly QualityWatch _watch;
    private readonly QualityReader _reader;
    private readonly float[] _row;

    public WatchedStore(QualityOptions? options = null, TimeSpan? horizon = null, DateTimeOffset? start = null)
    {
        Now = UnixMicros.From(start ?? new DateTimeOffset(2026, 3, 4, 0, 0, 0, TimeSpan.Zero));
        var engine = new PricingOptions { Horizon = horizon ?? TimeSpan.FromMinutes(15) };
        _store = new StoreUnderTest(FeatureSchema.Mobility, [], TimeSpan.FromMinutes(30));
        _row = new float[FeatureSchema.Mobility.Count];
        Board = new QualityBoard(16, FeatureSchema.Mobility, _store.Gate);
        var desk = new ForecastDesk(engine.ForecastLimits, _store.Reader, _store.Regions, new NameTable(4), inline: null);
        _watch = Board.AddWatch(_store.States, _store.Store, _store.Reader, desk);
        _reader = new QualityReader(Board, options ?? new QualityOptions(), _store.Regions);
    }

    public QualityBoard Board { get; }

    public RegionDirectory Regions => _store.Regions;

    public long Now { get; private set; }

    public DateTimeOffset Time => UnixMicros.ToTime(Now);

    public Rejection Publish(in MarketEvent e) => _store.Publish(e, Now);

    public RegionSignals Signals(string region) => _store.Reader.ReadSignals(Regions.Find(region));

    /// <summary>Time passes, and each region's row is published.</summary>
    public void Pass(TimeSpan time)
    {
        Now += UnixMicros.From(time);
        _store.Tick(Now);
        for (int region = 0; region < Regions.Count; region++)
        {
            _store.Reader.ReadRow(region, _row);
            _watch.Refresh(region, _row, Now);
        }
    }

    /// <summary>Time passes, without a tick.</summary>
    public void WaitUntil(DateTimeOffset time) => Now = Math.Max(Now, UnixMicros.From(time));

    /// <summary>The same for so many minutes, with a tick in each.</summary>
    public void PassMinutes(int minutes)
    {
        for (int i = 0; i < minutes; i++)
        {
            Pass(TimeSpan.FromMinutes(1));
        }
    }

    public DataQualityReport Report(int worst = 20) => _reader.Read(Now, worst);
}
