using PricingCore.Replay;
using PricingCore.Testing.Cities;

namespace PricingCore.Cli.Demo;

/// <summary>Runs the simulated days twice: through the engine, and at base prices.</summary>
internal static class DemoRun
{
    private const int EventsPerReport = 2_048;

    /// <summary>Coarser than the engine's own second: eight simulated days would be 700,000 ticks, and every quote here is decided afresh anyway.</summary>
    private static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(10);


    /// <summary>Runs both.</summary>
    /// <param name="choices">What to simulate.</param>
    /// <param name="clock">Times the run and its quotes.</param>
    /// <param name="report">Told now and then how far the run is.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    public static async Task<DemoOutcome> RunAsync(DemoChoices choices, TimeProvider clock, Action<DemoProgress> report, CancellationToken cancellationToken)
    {
        City city = City.Build(choices.City);
        using DemoModel model = DemoModel.Load(choices.Model);
        PricingOptions options = new()
        {
            Rules = DemoRules.For(city),
            Regions = [.. city.Regions.Select(region => region.Region)],
            OpenRegions = false,
            MaxRegions = city.Regions.Count,
            TickInterval = TickInterval,
            Forecaster = model.Forecaster,
        };

        long begin = clock.GetTimestamp();
        PricingReplay replay = PricingReplay.Start(options);
        await using (replay.ConfigureAwait(false))
        {
            DemoRecorder recorder = new(city, StartOf(city));
            CitySimulation? running = null;
            EngineMarket market = new(
                marketEvent =>
                {
                    if (recorder.Events % EventsPerReport == 0)
                    {
                        report(DemoProgress.Of(running, recorder, clock.GetElapsedTime(begin)));
                        cancellationToken.ThrowIfCancellationRequested();
                    }

                    return replay.Publish(marketEvent, marketEvent.OccurredAt);
                },
                (request, at) => replay.AskAsync(request, at),
                recorder,
                clock);

            CitySimulation simulation = new(city, market);
            recorder.Watch(simulation);
            simulation.PublishHistory();
            running = simulation;
            CityResult withSurge = await simulation.RunAsync(cancellationToken).ConfigureAwait(false);
            recorder.Finish();
            await replay.DrainAsync().ConfigureAwait(false);
            TimeSpan elapsed = clock.GetElapsedTime(begin);
            report(DemoProgress.Of(running, recorder, elapsed));

            CitySimulation atBasePrices = new(city, new FixedPriceMarket(DemoRules.BaseMinorUnits));
            CityResult withoutSurge = await atBasePrices.RunAsync(cancellationToken).ConfigureAwait(false);
            return new DemoOutcome(choices, city, withSurge, withoutSurge, recorder, replay.Statistics, elapsed) { ModelVersion = model.Version, ModelSaid = model.Said };
        }
    }

    private static DateTimeOffset StartOf(City city) => new CitySimulation(city, new FixedPriceMarket(DemoRules.BaseMinorUnits)).Start;
}

/// <summary>How far a run is.</summary>
/// <param name="LocalTime">The simulated time; null while the history is published.</param>
/// <param name="Share">The share of the simulated days that is done, 0 to 1.</param>
/// <param name="Events">Events published.</param>
/// <param name="Quotes">Quotes answered.</param>
/// <param name="EventsPerSecond">Events published a second of real time.</param>
internal readonly record struct DemoProgress(DateTime? LocalTime, double Share, long Events, long Quotes, double EventsPerSecond)
{
    public static DemoProgress Of(CitySimulation? simulation, DemoRecorder recorder, TimeSpan elapsed) => new(
        simulation?.LocalNow,
        simulation is null ? 0 : (simulation.Now - simulation.Start) / (simulation.End - simulation.Start),
        recorder.Events,
        recorder.Quotes,
        recorder.Events / Math.Max(elapsed.TotalSeconds, 0.001));
}
