using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using PricingCore.Rules;
using PricingCore.Storage;
using PricingCore.Surge;

namespace PricingCore.Audit;

/// <summary>Finds and reads what an audit log has recorded, also while an engine writes it.</summary>
/// <remarks>What it returns was compared with the record's CRC. Whether somebody changed record and CRC on purpose is for <see cref="AuditCheck"/> to say.</remarks>
/// <threadsafety>Any thread.</threadsafety>
public sealed class AuditReader
{
    private const int MostKept = 64;

    private readonly SegmentFiles _files;
    private readonly Func<OpenSegment?>? _open;
    private readonly ConcurrentDictionary<int, KeyList> _rebuilt = new();
    private readonly ConcurrentDictionary<string, RuleSet> _rules = new(StringComparer.Ordinal);

    /// <summary>Opens a log.</summary>
    /// <param name="directory">The folder of the log.</param>
    /// <exception cref="ArgumentException"><paramref name="directory"/> is null or empty.</exception>
    /// <exception cref="AuditException">There is no such folder, or no log in it.</exception>
    public AuditReader(string directory)
        : this(OpenFolder(directory), open: null)
    {
    }

    internal AuditReader(SegmentFiles files, Func<OpenSegment?>? open)
    {
        _files = files;
        _open = open;
    }

    /// <summary>Finds the newest quote of a request.</summary>
    /// <param name="requestId">The host's name for the request.</param>
    /// <param name="quote">The quote; null when there is none.</param>
    /// <exception cref="ArgumentNullException"><paramref name="requestId"/> is null.</exception>
    /// <exception cref="AuditException">The record cannot be read.</exception>
    public bool TryFindQuote(string requestId, [NotNullWhen(true)] out AuditedQuote? quote)
    {
        ArgumentNullException.ThrowIfNull(requestId);
        string id = new(TextForm.Cut(requestId));
        quote = Find(AuditKeys.OfRequest(id), (_, payload, place) =>
            RecordHead.TryRead(payload, out RecordHead head) && head.Kind == AuditRecordKind.Quote
                && QuoteRecord.Read(payload.AsSpan(AuditFormat.RecordHeadBytes), head, place) is { } found && found.RequestId == id
                ? found
                : null);
        return quote is not null;
    }

    /// <summary>Finds a decision.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="decision">The decision; null when there is none.</param>
    /// <exception cref="AuditException">The record, or the rules it names, cannot be read.</exception>
    public bool TryFindDecision(DecisionId id, [NotNullWhen(true)] out AuditedDecision? decision)
    {
        decision = Find(AuditKeys.OfDecision(id), (view, payload, place) =>
            RecordHead.TryRead(payload, out RecordHead head) && head.Kind == AuditRecordKind.Decision
                && DecisionRecord.ReadName(payload.AsSpan(AuditFormat.RecordHeadBytes)).Id == id
                ? DecisionRecord.Read(payload.AsSpan(AuditFormat.RecordHeadBytes), head, place, LookupsOf(view))
                : null);
        return decision is not null;
    }

    /// <summary>All quotes, in the order they were recorded.</summary>
    /// <exception cref="AuditException">A record cannot be read.</exception>
    public IEnumerable<AuditedQuote> ReadQuotes() => ReadAll(AuditRecordKind.Quote, (_, payload, head, place) => QuoteRecord.Read(payload, head, place));

    /// <summary>All decisions, in the order they were recorded.</summary>
    /// <exception cref="AuditException">A record, or the rules it names, cannot be read.</exception>
    public IEnumerable<AuditedDecision> ReadDecisions() =>
        ReadAll(AuditRecordKind.Decision, (view, payload, head, place) => DecisionRecord.Read(payload, head, place, LookupsOf(view)));

    /// <summary>The place of the quote of a request or of a decision; null when there is neither.</summary>
    internal AuditPlace? FindPlace(string id) =>
        TryFindQuote(id, out AuditedQuote? quote) ? quote.Place
        : DecisionIds.TryParse(id, out DecisionId decision) ? Find(AuditKeys.OfDecision(decision), (_, _, place) => new Placed(place))?.Place
        : null;

    private static SegmentFiles OpenFolder(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        var files = new SegmentFiles(DiskFileStore.Instance, directory.TrimEnd('/'));
        return files.List().Count > 0 ? files : throw new AuditException($"{directory}: there is no audit log; its files are named {AuditFormat.NameOf(1)}.");
    }

    private T? Find<T>(ulong key, Func<SegmentView, byte[], AuditPlace, T?> read)
        where T : class
    {
        // The open segment first: while this looks on, it may be closed, and is found with the others then.
        OpenSegment? open = _open?.Invoke();
        if (open is not null && FindIn(open.Header.Number, open, key, read) is { } newest)
        {
            return newest;
        }

        List<int> numbers = _files.List();
        for (int i = numbers.Count - 1; i >= 0; i--)
        {
            if (numbers[i] != open?.Header.Number && FindIn(numbers[i], open: null, key, read) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private T? FindIn<T>(int number, OpenSegment? open, ulong key, Func<SegmentView, byte[], AuditPlace, T?> read)
        where T : class
    {
        try
        {
            KeyList? keys = open?.State.Keys ?? _rebuilt.GetValueOrDefault(number);
            try
            {
                using var view = new SegmentView(_files, number, keys, open?.SafeBytes ?? long.MaxValue);
                return view.Find(key, read);
            }
            catch (Exception failure) when (keys is null && failure is InvalidDataException or FileNotFoundException)
            {
                // There is no index yet, or a damaged one. What is wrong in a record is wrong the second time, too.
                using var view = new SegmentView(_files, number, IsClosed(number) ? Rebuild(number) : Scan(number));
                return view.Find(key, read);
            }
        }
        catch (FileNotFoundException)
        {
            return null; // Removed meanwhile, since it is older than records are kept.
        }
        catch (Exception failure) when (failure is InvalidDataException or RuleSetException)
        {
            throw new AuditException($"{_files.PathOf(number)}: {failure.Message}", failure);
        }
    }

    private bool IsClosed(int number)
    {
        using IStoredFile file = _files.Open(number);
        return SegmentTrailer.ReadLast(file) is not null;
    }

    private KeyList Scan(int number)
    {
        using IStoredFile file = _files.Open(number);
        return RecordKeys.Of(new SegmentScan(file));
    }

    private KeyList Rebuild(int number)
    {
        KeyList keys = Scan(number);
        if (_rebuilt.Count < MostKept)
        {
            _rebuilt[number] = keys;
        }

        using IStoredFile file = _files.Open(number);
        if (SegmentTrailer.ReadLast(file) is { } trailer)
        {
            try
            {
                _files.WriteIndex(trailer, keys);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // A folder that may only be read: the index stays in memory.
            }
        }

        return keys;
    }

    private AuditLookups LookupsOf(SegmentView view) => new(
        version =>
        {
            if (_rules.TryGetValue(version, out RuleSet? known) || view.FindRules(version) is not { } rules)
            {
                return known;
            }

            if (_rules.Count >= MostKept)
            {
                _rules.Clear();
            }

            return _rules.GetOrAdd(version, rules);
        },
        view.FindModel);

    private IEnumerable<T> ReadAll<T>(AuditRecordKind kind, RecordRead<T> read)
        where T : class
    {
        foreach (int number in _files.List())
        {
            using var view = new SegmentView(_files, number, Scan(number)); // In memory: a missing index must not end a reading.
            using IStoredFile file = _files.Open(number);
            var scan = new SegmentScan(file);
            for (SegmentScan.Step step = scan.Next(); step is not (SegmentScan.Step.End or SegmentScan.Step.BadTail); step = scan.Next())
            {
                if (step == SegmentScan.Step.Record && scan.Head.Kind == kind)
                {
                    yield return Read(scan, view, read);
                }
            }
        }
    }

    private T Read<T>(SegmentScan scan, SegmentView view, RecordRead<T> read)
    {
        try
        {
            return read(view, scan.Payload[AuditFormat.RecordHeadBytes..], scan.Head, new AuditPlace(view.Number, scan.Head.Number, scan.Offset));
        }
        catch (Exception failure) when (failure is InvalidDataException or RuleSetException or FileNotFoundException)
        {
            throw new AuditException($"{_files.PathOf(view.Number)}: offset {scan.Offset}: {failure.Message}", failure);
        }
    }

    private delegate T RecordRead<T>(SegmentView view, ReadOnlySpan<byte> body, RecordHead head, AuditPlace place);

    private sealed record Placed(AuditPlace Place);
}
