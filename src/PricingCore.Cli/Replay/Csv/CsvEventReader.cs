using PricingCore.Cli.Replay.Input;
using PricingCore.Events;

namespace PricingCore.Cli.Replay.Csv;

/// <summary>Reads events from a mapped CSV. A row may make several events, some of them later than the row's first.</summary>
/// <remarks>
/// What lies in the future of its row (the end of a trip) waits in a queue and comes out in time order with the rows that follow,
/// so rows should be in order of their first time. One that is not is a late arrival; with derived supply it is rejected.
/// </remarks>
internal sealed class CsvEventReader : IEventReader
{
    /// <summary>The most events that may wait for their time.</summary>
    public const int DefaultMaxWaiting = 1_000_000;

    private readonly InputFile _input;
    private readonly int _file;
    private readonly EventMapping _mapping;
    private readonly RejectLog _rejects;
    private readonly CsvRows _rows;
    private readonly int _maxWaiting;
    private readonly Queue<SourceEvent> _ready = new();
    private readonly List<SourceEvent> _ofRow = [];
    private readonly PriorityQueue<Waiting, (DateTimeOffset At, long Sequence)> _waiting = new();
    private readonly TripSupply _supply = new();

    private RowMapper? _mapper;
    private DateTimeOffset _latestRow = DateTimeOffset.MinValue;
    private long _sequence;
    private bool _ended;

    public CsvEventReader(InputFile input, int file, EventMapping mapping, RejectLog rejects, int maxWaiting = DefaultMaxWaiting)
    {
        _input = input;
        _file = file;
        _mapping = mapping;
        _rejects = rejects;
        _maxWaiting = maxWaiting;
        _rows = new CsvRows(new LineReader(input.Content), mapping.Delimiter, file, rejects);
    }

    private enum WaitingFor
    {
        Event,
        TripEnd,
        IdleLimit,
    }

    public SourceEvent Current { get; private set; }

    /// <summary>Cars of derived supply, for tests.</summary>
    internal TripSupply Supply => _supply;

    /// <summary>Reads the header and checks that the mapping fits.</summary>
    /// <exception cref="CommandFailedException">The mapping names columns that the file does not have.</exception>
    public async ValueTask ReadHeaderAsync()
    {
        await _rows.ReadHeaderAsync().ConfigureAwait(false);
        _mapper = new RowMapper(_mapping, _rows.Header, _input.Path);
    }

    public async ValueTask<bool> MoveNextAsync()
    {
        if (_mapper is null)
        {
            await ReadHeaderAsync().ConfigureAwait(false);
        }

        while (_ready.Count == 0)
        {
            if (_ended || !await _rows.MoveNextAsync().ConfigureAwait(false))
            {
                _ended = true;
                Release(DateTimeOffset.MaxValue);
                if (_ready.Count == 0)
                {
                    return false;
                }
            }
            else
            {
                TakeRow(_mapper!, _rows.Fields, _rows.Line);
            }
        }

        Current = _ready.Dequeue();
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await _rows.DisposeAsync().ConfigureAwait(false);
        _input.Dispose();
    }

    private void TakeRow(RowMapper mapper, string[] fields, long line)
    {
        if (mapper.Skips(_mapping.SkipWhen, fields) is { } skipped)
        {
            _rejects.AddSkipped(skipped.Text);
            return;
        }

        // The row is checked whole before anything of it counts.
        Trip? trip = null;
        if (!TryMapEvents(mapper, fields, line, out Problem problem) || !TryMapTrip(mapper, fields, ref trip, ref problem))
        {
            _rejects.Add(_file, line, problem);
            return;
        }

        if (_ofRow.Count == 0 && trip is null)
        {
            return;
        }

        DateTimeOffset rowAt = trip?.StartedAt ?? _ofRow[0].ReceivedAt;
        _latestRow = rowAt > _latestRow ? rowAt : _latestRow;
        Release(_latestRow);
        foreach (SourceEvent made in _ofRow)
        {
            if (made.ReceivedAt <= _latestRow)
            {
                _ready.Enqueue(made);
            }
            else
            {
                Wait(new Waiting(WaitingFor.Event, made, 0, 0, null), made.ReceivedAt);
            }
        }

        if (trip is { } started)
        {
            int car = _supply.Start(started.StartRegion);
            Emit(MarketEventKind.SupplyBusy, started.StartRegion, started.StartedAt, car, line);
            Wait(new Waiting(WaitingFor.TripEnd, new SourceEvent(default, started.EndedAt, _file, line), car, 0, started), started.EndedAt);
        }
    }

    private bool TryMapEvents(RowMapper mapper, string[] fields, long line, out Problem problem)
    {
        _ofRow.Clear();
        foreach (EventTemplate template in _mapping.Events)
        {
            if (mapper.Skips(template.SkipWhen, fields) is { } skipped)
            {
                _rejects.AddSkipped(skipped.Text);
                continue;
            }

            if (!mapper.TryMap(template, fields, out MarketEvent marketEvent, out DateTimeOffset receivedAt, out problem))
            {
                return false;
            }

            _ofRow.Add(new SourceEvent(marketEvent, receivedAt, _file, line));
        }

        problem = default;
        return true;
    }

    private bool TryMapTrip(RowMapper mapper, string[] fields, ref Trip? trip, ref Problem problem)
    {
        if (_waiting.Count + _ofRow.Count + 1 > _maxWaiting)
        {
            problem = new Problem(
                RejectReason.TooManyOpen, FormattableString.Invariant($"{_maxWaiting} events wait for their time already: sort the rows by their first time"));
            return false;
        }

        if (_mapping.SupplyFromTrips is not { } columns)
        {
            return true;
        }

        if (!mapper.TryMapTrip(columns, fields, out Trip found, out problem))
        {
            return false;
        }

        if (found.StartedAt < _latestRow)
        {
            problem = new Problem(RejectReason.InvalidTrip, "the trip starts before the one in the row above: sort the rows by start to derive supply");
            return false;
        }

        trip = found;
        return true;
    }

    private void Wait(Waiting waiting, DateTimeOffset until) => _waiting.Enqueue(waiting, (until, _sequence++));

    /// <summary>Makes ready what was waiting for a time up to and including the given one.</summary>
    private void Release(DateTimeOffset until)
    {
        while (_waiting.TryPeek(out Waiting waiting, out (DateTimeOffset At, long Sequence) due) && due.At <= until)
        {
            _waiting.Dequeue();
            switch (waiting.For)
            {
                case WaitingFor.Event:
                    _ready.Enqueue(waiting.Event);
                    break;
                case WaitingFor.TripEnd:
                    EndTrip(waiting, due.At);
                    break;
                case WaitingFor.IdleLimit:
                    if (_supply.TryRetire(waiting.Car, waiting.Turn))
                    {
                        Emit(MarketEventKind.SupplyOffline, waiting.Trip!.Value.EndRegion, due.At, waiting.Car, waiting.Event.Line);
                    }

                    break;
            }
        }
    }

    private void EndTrip(in Waiting waiting, DateTimeOffset at)
    {
        Trip trip = waiting.Trip!.Value;
        if (trip.EndsOutside)
        {
            _supply.Leave(waiting.Car);
            Emit(MarketEventKind.SupplyOffline, trip.StartRegion, at, waiting.Car, waiting.Event.Line);
            return;
        }

        int turn = _supply.End(waiting.Car, trip.EndRegion);
        Emit(MarketEventKind.SupplyAvailable, trip.EndRegion, at, waiting.Car, waiting.Event.Line);
        Wait(waiting with { For = WaitingFor.IdleLimit, Turn = turn }, at + _mapping.SupplyFromTrips!.IdleLimit);
    }

    private void Emit(MarketEventKind kind, string region, DateTimeOffset at, int car, long line) =>
        _ready.Enqueue(new SourceEvent(new MarketEvent(kind, region, at) { UnitId = _supply.NameOf(car) }, at, _file, line));

    private readonly record struct Waiting(WaitingFor For, SourceEvent Event, int Car, int Turn, Trip? Trip);
}
