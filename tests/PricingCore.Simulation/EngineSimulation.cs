using System.Globalization;
using PricingCore.Events;
using PricingCore.Numerics;
using PricingCore.Storage;
using PricingCore.Testing.Files;

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

    private readonly int _seed;
    private readonly Random _random;
    private readonly SimulationTraits _traits;
    private readonly SimulatedFileStore _disk;
    private readonly IFileStore _files;
    private readonly SimulatedTime _time = new();
    private readonly SimulationReport _report = new() { Seeds = 1 };
    private readonly ClientLedger _ledger;
    private readonly RestartCheck _check;
    private readonly SimulatedClients _clients;
    private EngineLife? _life;

    public EngineSimulation(int seed, PlantedFault planted = PlantedFault.None)
    {
        _seed = seed;
        _random = new Random(seed);
        _traits = SimulationTraits.Draw(_random);
        _disk = new SimulatedFileStore(_random.Next());
        _files = planted == PlantedFault.DiskLies ? new LyingFileStore(_disk) : _disk;
        _ledger = new ClientLedger(_traits.IsDurable, _report);
        _check = new RestartCheck(_traits, _disk, _ledger);
        _clients = new SimulatedClients(_random, _traits, _time, _ledger, _report);
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
        if (_random.Next(2) == 0)
        {
            _clients.Step(life);
        }
        else
        {
            life.StepOne(_random);
        }

        _ledger.TakeAnswers();
        _clients.SeeRules(life);
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
        _clients.CheckRules(_life);
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

        _clients.SeeRules(life);
        if (life.Core.Unavailable != Rejection.None)
        {
            throw new SimulationFailedException($"the disk works, and events are refused as {life.Core.Unavailable}");
        }

        _ledger.CheckApplied(life.Core.ReadStatistics().Applied, isAtRest: true);
        life.Core.Audit?.Log.Step();
        _check.CheckAudit(life);
    }

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
