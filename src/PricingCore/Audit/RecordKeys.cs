namespace PricingCore.Audit;

/// <summary>By which key a record is found: quotes by request, decisions by id, rules and models by version, the others not at all.</summary>
internal static class RecordKeys
{
    /// <summary>The key of a record; null when it has none.</summary>
    /// <exception cref="InvalidDataException">Its body is not what its kind says.</exception>
    public static ulong? Of(AuditRecordKind kind, ReadOnlySpan<byte> body) => kind switch
    {
        AuditRecordKind.Quote => QuoteRecord.ReadKey(body),
        AuditRecordKind.Decision => AuditKeys.OfDecision(DecisionRecord.ReadName(body).Id),
        AuditRecordKind.Rules => NoteRecords.ReadRules(body) is { Part: 0 } rules ? AuditKeys.OfRules(rules.Version) : null,
        AuditRecordKind.Model => AuditKeys.OfModel(NoteRecords.ReadModel(body).Version),
        _ => null,
    };

    /// <summary>The keys of all records of a segment that can be read.</summary>
    public static KeyList Of(SegmentScan scan)
    {
        var keys = new KeyList();
        for (SegmentScan.Step step = scan.Next(); step is not (SegmentScan.Step.End or SegmentScan.Step.BadTail); step = scan.Next())
        {
            if (step != SegmentScan.Step.Record)
            {
                continue;
            }

            try
            {
                if (Of(scan.Head.Kind, scan.Payload[AuditFormat.RecordHeadBytes..]) is { } key)
                {
                    keys.Add(key, checked((uint)scan.Offset));
                }
            }
            catch (InvalidDataException)
            {
                // Not found by a look-up then; a check names it.
            }
        }

        return keys;
    }
}
