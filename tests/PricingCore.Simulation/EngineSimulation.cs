using System.Globalization;
using PricingCore.Events;
using PricingCore.Journal;
using PricingCore.Numerics;
using PricingCore.Quotes;
using PricingCore.Rules;
using PricingCore.Storage;
using PricingCore.Testing.Files;
using PricingCore.Tokens;

namespace PricingCore.Simulation;

/// <summary>
/// A whole engine on one thread: a seed says what clients do, which part of the engine moves next, what the disk does, and when the machine or the process dies. What clients were
/// told is kept beside, and compared after each start.
/// </summary>
/// <remarks>
/// Real: gate, rings, loops, journal, snapshots, audit log, redemptions, recovery and replay. Simulated: threads, the clock and the disk. Not in it: models of the host, whose answers
/// come from a thread of their own (forecasts come from outside), and signatures.
/// Goal: what was acknowledged is there once after any end, and a start comes to the state that the journal says, bit by bit.
/// Controls: with a disk that calls unsynced writes safe it fails (<see cref="PlantedFault.DiskLies"/>, a test).
/// </remarks>
internal sealed class EngineSimulation
{
    private const int MostRoundsToSettle = 5_000;
    private const int MostFailedStarts = 200;
    private const string Rule = """{"rules":[{"region_id":"*","product_type":"*","base_price":BASE.00,"currency":"USD","hysteresis":0.01}]}""";

    private readonly int _seed;
    private readonly Random _random;
    private readonly SimulationTraits _traits;
    private readonly SimulatedFileStore _disk;
    private readonly IFileStore _files;
    private readonly SimulatedTime _time = new();
    private readonly SimulationReport _report = new() { Seeds = 1 };
    private readonly ClientLedger _ledger;
    private readonly RestartCheck _check;
    private readonly Dictionary<string, int> _rules = [];
    private readonly int[] _rulesOfLoop;
    private EngineLife? _life;
    private ulong _keys;
    private ulong _offers;

    public EngineSimulation(int seed, PlantedFault planted = PlantedFault.None)
    {
        _seed = seed;
        _random = new Random(seed);
        _traits = SimulationTraits.Draw(_random);
        _disk = new SimulatedFileStore(_random.Next());
        _files = planted == PlantedFault.DiskLies ? new LyingFileStore(_disk) : _disk;
        _ledger = new ClientLedger(_traits.IsDurable, _report);
        _check = new RestartCheck(_traits, _disk, _ledger);
        _rulesOfLoop = new int[_traits.Shards];
    }

    /// <summary>Runs so many steps, and then lets everything settle.</summary>
    /// <exception cref="SimulationFailedException">A promise did not hold.</exception>
    public SimulationReport Run(int steps)
    {
        try
        {
            Start();
            while (_report.Steps < steps)
            {
                _report.Steps++;
                GuardedStep();
            }

            Settle();
            EndOrderly();
            Start();
            Settle();
            _report.Digest = Digest();
            return _report;
        }
        catch (Exception failure) when (failure is not SimulationFailedException { InnerException: not null })
        {
            throw new SimulationFailedException(
                string.Create(CultureInfo.InvariantCulture, $"seed {_seed}, step {_report.Steps} of {steps}, {_traits}: {failure.Message}"), failure);
        }
    }

    private void GuardedStep()
    {
        try
        {
            Step();
        }
        catch (SimulatedCrashException)
        {
            Crash();
        }
    }

    private void Step()
    {
        if (_random.Next(1_000) < _traits.TroublesPerThousand)
        {
            Trouble();
            return;
        }

        EngineLife life = _life!;
        switch (_random.Next(100))
        {
            case < 20:
                PublishSome(life);
                break;
            case < 30:
                Ask(life);
                break;
            case < 42:
                Tick(life);
                break;
            case < 46:
                Redeem(life);
                break;
            case < 49:
                Forecast(life);
                break;
            case < 50:
                PublishRules(life);
                break;
            default:
                life.StepOne(_random);
                break;
        }

        _ledger.TakeAnswers();
        SeeRules(life);
    }

    private void Trouble()
    {
        switch (_random.Next(12))
        {
            case 0:
                Crash();
                break;
            case 1 or 2:
                _disk.OperationsLeft = _random.Next(30); // The machine stops in the middle of one of the next.
                break;
            case 3:
                Settle();
                EndOrderly();
                Start();
                break;
            case 4:
                Settle();
                break;
            case >= 5 and < 10 when !_traits.IsDurable:
                break; // A buffered journal has a gap then, which a start does not come over until a snapshot is there.
            case 5 or 6:
                _disk.FailingWrites = _random.Next(1, 5);
                _report.DiskFaults++;
                break;
            case 7 or 8:
                _disk.FailingSyncs = _random.Next(1, 5);
                _report.DiskFaults++;
                break;
            case 9:
                _disk.CapacityBytes = 0;
                _report.DiskFaults++;
                break;
            default:
                MendDisk();
                break;
        }
    }

    private void MendDisk()
    {
        _disk.FailingWrites = 0;
        _disk.FailingSyncs = 0;
        _disk.CapacityBytes = long.MaxValue;
    }

    private void Crash()
    {
        _ledger.Forget();
        if (_random.Next(3) == 0)
        {
            _disk.Stop();
            _report.ProcessDeaths++;
        }
        else
        {
            _disk.Crash();
            _report.PowerFailures++;
        }

        Start();
    }

    private void EndOrderly()
    {
        _life!.End();
        _ledger.Forget();
        _report.OrderlyEnds++;
    }

    private void Start()
    {
        _time.Advance(_random.Next(1, 5_000_000));
        for (int tries = 0; ; tries++)
        {
            try
            {
                if (_random.Next(4) == 0)
                {
                    _disk.OperationsLeft = _random.Next(12); // Starts are where ends hurt most.
                }

                _life = new EngineLife(_traits.ToOptions(_files, _time), _time);
                break;
            }
            catch (SimulatedCrashException)
            {
                _disk.Crash();
                _report.PowerFailures++;
            }
            catch (IOException) when (_disk.FailingWrites + _disk.FailingSyncs > 0 || _disk.CapacityBytes == 0)
            {
                _report.FailedStarts++;
                _disk.Stop();
                if (tries > 3)
                {
                    MendDisk();
                }
            }

            if (tries > MostFailedStarts)
            {
                throw new SimulationFailedException("the engine does not start");
            }
        }

        _disk.OperationsLeft = -1;
        _report.RecordsRecovered += _life.Recovery.Records;
        _report.StartsFromSnapshots += _life.Recovery.Snapshot is null ? 0 : 1;
        _check.Check(_life);
        CheckRules(_life);
        foreach (MarketEvent repeat in _ledger.Repeats(_life))
        {
            _ledger.Publish(_life, repeat);
        }
    }

    /// <summary>The disk works again, and everything comes to rest: all that came in is applied, and the audit log is whole.</summary>
    private void Settle()
    {
        MendDisk();
        _disk.OperationsLeft = -1;
        EngineLife life = _life!;
        int rounds = 0;
        do
        {
            life.StepAll();
            _ledger.TakeAnswers();
            if (++rounds > MostRoundsToSettle)
            {
                throw new SimulationFailedException(
                    $"the engine does not come to rest: {_ledger.Waiting} wait, unavailable: {life.Core.Unavailable}, the disk: {life.Core.Journal!.Failure ?? "works"}");
            }
        }
        while (_ledger.IsAnybodyWaiting || !life.IsAtRest);

        SeeRules(life);
        if (life.Core.Unavailable != Rejection.None)
        {
            throw new SimulationFailedException($"the disk works, and events are refused as {life.Core.Unavailable}");
        }

        _ledger.CheckApplied(life.Core.ReadStatistics().Applied, isAtRest: true);
        life.Core.Audit?.Log.Step();
        _check.CheckAudit(life);
    }

    private void PublishSome(EngineLife life)
    {
        for (int i = _random.Next(1, 12); i > 0; i--)
        {
            if (_random.Next(10) == 0 && _ledger.DrawRepeat(_random, life) is { } repeat)
            {
                _ledger.Publish(life, repeat);
                continue;
            }

            MarketEvent e = DrawEvent(life.Now - _random.Next(3_000_000));
            if (_random.Next(4) == 0)
            {
                if (life.TryPublish(e) == Rejection.None)
                {
                    _ledger.AddUnknown();
                }
            }
            else
            {
                _ledger.Publish(life, _random.Next(2) == 0 ? e with { IdempotencyKey = $"key-{++_keys}" } : e);
            }
        }
    }

    private MarketEvent DrawEvent(long at)
    {
        string region = DrawRegion();
        DateTimeOffset time = UnixMicros.ToTime(at);
        string user = $"user-{_random.Next(50)}";
        string unit = $"unit-{_random.Next(40)}";
        return _random.Next(14) switch
        {
            < 4 => MarketEvent.Search(region, time, user),
            < 7 => MarketEvent.Booking(region, time, user) with { ProductType = _random.Next(2) == 0 ? "xl" : null },
            7 => MarketEvent.Cancel(region, time, user),
            8 or 9 => MarketEvent.SupplyAvailable(region, unit, time),
            10 => MarketEvent.SupplyBusy(region, unit, time),
            11 => MarketEvent.Weather(_random.Next(2) == 0 ? "*" : region, time, EventValues.Weather(_random.Next(30), _random.Next(5))),
            12 => MarketEvent.CityEvent(region, time, _random.NextSingle(), TimeSpan.FromMinutes(_random.Next(1, 90))),
            _ => new MarketEvent(MarketEventKind.Alert, region, time) { Values = EventValues.Of(_random.Next(3)) },
        };
    }

    private string DrawRegion() => SimulationTraits.NameOf(_random.Next(_traits.Regions));

    private void Ask(EngineLife life)
    {
        int region = life.Core.FindRegion(DrawRegion());
        int product = life.Core.FindProduct(_random.Next(3) == 0 ? "xl" : QuoteRequest.StandardProduct);
        if (life.Core.Unavailable == Rejection.None)
        {
            AcceptedEventFlags flags = _random.Next(4) == 0 ? AcceptedEventFlags.Afresh : AcceptedEventFlags.None;
            _ledger.Ask(life.Core.Requests.AskAsync(region, product, life.Now, flags), life.Now);
        }
    }

    private void Tick(EngineLife life)
    {
        _time.Advance(_random.Next(20) == 0 ? _random.Next(1, 90_000_000) : _random.Next(1, 2_000_000));
        life.Core.TryTick(life.Now);
    }

    private void Redeem(EngineLife life)
    {
        ClientLedger.Offer offer = _ledger.Offers.Count > 0 && _random.Next(3) > 0
            ? _ledger.Offers[_random.Next(_ledger.Offers.Count)]
            : _ledger.AddOffer(new ClientLedger.Offer(++_offers, life.Now + 300_000_000));
        if (life.Now >= offer.EndsAt)
        {
            return; // What has ended may be forgotten.
        }

        ulong redeemer = (ulong)_random.Next(1, 4);
        var quote = new SignedQuote { RegionId = "region-0", ValidUntil = UnixMicros.ToTime(offer.EndsAt), TokenHash = new UInt128(7, offer.Number) };
        _report.Redemptions++;
        _ledger.Redeem(life.Core.Redemptions.RedeemAsync(life.Core.Regions.Find("region-0"), quote, new UInt128(9, redeemer), 5_000_000, life.Now), offer, redeemer);
    }

    private void Forecast(EngineLife life)
    {
        int region = life.Core.Regions.Find(DrawRegion());
        int model = life.Core.Models.FindOrAdd($"outside-{_random.Next(3)}");
        if (region >= 0)
        {
            float expected = _random.Next(1, 40);
            _ = life.Core.TryEnter(AcceptedEvent.ForecastReady(region, model, 15, _random.NextSingle(), 0.5f, expected, expected / 2, expected * 2, life.Now));
        }
    }

    private void PublishRules(EngineLife life)
    {
        RuleSet rules = RuleSet.Parse(Rule.Replace("BASE", (_rules.Count + 5).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        if (_random.Next(3) > 0)
        {
            return; // Seldom: the audit log keeps sixteen rule sets of which it has not written decisions yet.
        }

        _rules.Add(rules.Hash, _rules.Count + 1);
        _ = life.Core.PublishRulesAsync(rules, life.Now);
    }

    /// <summary>Notes which rules the loops follow; from the next ones on there is no way back.</summary>
    private void SeeRules(EngineLife life)
    {
        for (int shard = 0; shard < _traits.Shards; shard++)
        {
            _rulesOfLoop[shard] = RulesOf(life, shard);
        }
    }

    private void CheckRules(EngineLife life)
    {
        for (int shard = 0; shard < _traits.Shards; shard++)
        {
            int rules = RulesOf(life, shard);
            if (rules < _rulesOfLoop[shard] && _traits.IsDurable)
            {
                throw new SimulationFailedException($"loop {shard} followed rules {_rulesOfLoop[shard]}, and follows {rules} after the start");
            }
        }
    }

    private int RulesOf(EngineLife life, int shard) => life.Core.Shards.At(shard).Loop.Rules is { } rules ? _rules[rules.Hash] : 0;

    private ulong Digest()
    {
        ulong digest = (ulong)_disk.Operations;
        for (int shard = 0; shard < _traits.Shards; shard++)
        {
            digest = unchecked((digest * 1_000_003) ^ SipHash.Public.Hash128(EngineLife.StateOf(_life!.Core, shard)).Low);
        }

        return digest;
    }
}
