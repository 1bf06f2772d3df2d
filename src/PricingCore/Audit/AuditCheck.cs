using PricingCore.Numerics;
using PricingCore.Storage;

namespace PricingCore.Audit;

/// <summary>Checks that every record of an audit log is as it was written, in its place, and that none is missing.</summary>
/// <threadsafety>Pure functions.</threadsafety>
public static class AuditCheck
{
    private const int MostFaults = 1_000;

    /// <summary>Checks a log. It may be written meanwhile.</summary>
    /// <param name="directory">The folder of the log.</param>
    /// <param name="head">An <see cref="AuditReport.Head"/> of an earlier check that must still hold; null for none.</param>
    /// <exception cref="ArgumentException"><paramref name="directory"/> is null or empty, or <paramref name="head"/> is no head.</exception>
    /// <exception cref="AuditException">There is no log in the folder.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static AuditReport Verify(string directory, string? head = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        AuditHead? expected = null;
        if (head is not null)
        {
            expected = AuditHead.TryParse(head) ?? throw new ArgumentException($"'{head}' is no head; it has the form SEGMENT:RECORDS:ROOT.", nameof(head));
        }

        return Verify(new SegmentFiles(DiskFileStore.Instance, directory.TrimEnd('/')), expected);
    }

    internal static AuditReport Verify(SegmentFiles files, AuditHead? expected)
    {
        List<int> numbers = files.List();
        if (numbers.Count == 0)
        {
            throw new AuditException($"{files.Directory}: there is no audit log; its files are named {AuditFormat.NameOf(1)}.");
        }

        var faults = new List<AuditFault>();
        var notes = new List<string>();
        var segments = new List<SegmentCheck>();
        byte[]? window = null;
        bool headIsMet = false;
        foreach (int number in numbers)
        {
            var check = new SegmentCheck(files, number, isNewest: number == numbers[^1], expected?.Segment == number ? expected.Count : -1);
            window = check.Run(window);
            segments.Add(check);
            faults.AddRange(check.Faults.Take(MostFaults));
            notes.AddRange(check.Notes);
            headIsMet |= check.RootAtCount is { } root && root == expected!.Root;
        }

        CheckChain(files, segments, faults);
        if (expected is not null && !headIsMet)
        {
            faults.Add(new AuditFault(AuditFormat.NameOf(expected.Segment), 0, null, $"The head {expected} does not hold: records before it were changed, or its end was cut off."));
        }

        SegmentCheck last = segments[^1];
        return new AuditReport
        {
            Segments = segments.Count,
            Records = segments.Sum(segment => (long)segment.Records),
            Decisions = segments.Sum(segment => (long)segment.Decisions),
            Quotes = segments.Sum(segment => (long)segment.Quotes),
            Bytes = segments.Sum(segment => segment.Bytes),
            FirstAt = TimeOf(segments.FirstOrDefault(segment => segment.Records > 0)?.FirstAt),
            LastAt = TimeOf(segments.Any(segment => segment.Records > 0) ? segments.Max(segment => segment.LastAt) : null),
            Head = new AuditHead(last.Number, last.Records, last.Root).ToString(),
            Notes = notes,
            Faults = [.. faults.Take(MostFaults)],
        };
    }

    private static DateTimeOffset? TimeOf(long? micros) => micros is { } time && UnixMicros.IsTime(time) ? UnixMicros.ToTime(time) : null;

    private static void CheckChain(SegmentFiles files, List<SegmentCheck> segments, List<AuditFault> faults)
    {
        SegmentCheck first = segments[0];
        (int through, byte[] removedHash) = segments.SelectMany(segment => segment.Removed).DefaultIfEmpty((0, [])).MaxBy(removed => removed.Item1);
        if (first.Number > 1 && through < first.Number - 1)
        {
            faults.Add(new AuditFault(AuditFormat.NameOf(first.Number), 0, null,
                $"The log begins with segment {first.Number}; those from {through + 1} on are missing, and no record says that they were removed because of their age."));
        }
        else if (first.Number > 1 && through == first.Number - 1 && first.Header is { } oldest && !oldest.Previous.AsSpan().SequenceEqual(removedHash))
        {
            faults.Add(new AuditFault(AuditFormat.NameOf(first.Number), 0, null, "It does not follow the segment that was removed before it."));
        }
        else if (first.Number == 1 && first.Header is { Link: not SegmentLink.None })
        {
            faults.Add(new AuditFault(AuditFormat.NameOf(1), 0, null, "The first segment names one before it."));
        }

        for (int i = 1; i < segments.Count; i++)
        {
            CheckLink(files, segments[i - 1], segments[i], through, faults);
        }
    }

    private static void CheckLink(SegmentFiles files, SegmentCheck before, SegmentCheck next, int removedThrough, List<AuditFault> faults)
    {
        if (next.Number != before.Number + 1)
        {
            if (next.Number - 1 > removedThrough)
            {
                faults.Add(new AuditFault(AuditFormat.NameOf(before.Number + 1), 0, null, $"The segments from {before.Number + 1} to {next.Number - 1} are missing."));
            }

            return;
        }

        string name = AuditFormat.NameOf(before.Number);
        switch (next.Header?.Link)
        {
            case null:
                return; // Its own fault is told.
            case SegmentLink.Trailer when before.Trailer is null:
                faults.Add(new AuditFault(name, before.Bytes, null, $"It was closed, since {AuditFormat.NameOf(next.Number)} names its trailer; the trailer is damaged or cut off."));
                return;
            case SegmentLink.Trailer when !next.Header.Previous.AsSpan().SequenceEqual(before.Trailer.Hash()):
                faults.Add(new AuditFault(name, 0, null, $"It is not the segment that {AuditFormat.NameOf(next.Number)} follows: it was changed as a whole, or is another one."));
                return;
            case SegmentLink.WholeFile:
                using (IStoredFile file = files.Open(before.Number))
                {
                    if (!next.Header.Previous.AsSpan().SequenceEqual(AuditRecovery.HashOf(file)))
                    {
                        faults.Add(new AuditFault(name, 0, null, "It was changed after the start that found it damaged."));
                    }
                }

                return;
            case SegmentLink.None:
                faults.Add(new AuditFault(AuditFormat.NameOf(next.Number), 0, null, "It says that it is the first, and is not."));
                return;
        }
    }
}
