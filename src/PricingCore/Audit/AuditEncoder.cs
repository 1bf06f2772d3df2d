using System.Text;
using Microsoft.Extensions.Logging;

namespace PricingCore.Audit;

/// <summary>Writes what waits in the queue into the open segment, each decision behind the rules and the model it names.</summary>
/// <threadsafety>One thread: the log's.</threadsafety>
internal sealed class AuditEncoder(AuditSources sources, ILogger logger)
{
    private string _unknownRules = "";
    private string _withoutModel = "";

    /// <summary>Writes an entry. A decision that is in the log already, as when the tail of a journal is handled again, is left out.</summary>
    public void Write(OpenSegment segment, in AuditEntry entry, ReadOnlySpan<float> row)
    {
        if (entry.Kind == AuditRecordKind.Decision)
        {
            if (entry.Ordinal <= segment.State.Ordinals[entry.Lane])
            {
                return;
            }

            WriteRules(segment, entry.Decision!.RulesVersion, entry.Time);
            WriteModel(segment, entry.Decision.ModelVersion, entry.Time);
            if (entry.Decision.Comparison is { } comparison)
            {
                WriteModel(segment, comparison.ModelVersion, entry.Time);
            }
        }

        RecordWriter writer = segment.Begin(entry.Time);
        switch (entry.Kind)
        {
            case AuditRecordKind.Decision:
                DecisionRecord.Write(ref writer, entry, row);
                break;
            case AuditRecordKind.Quote:
                QuoteRecord.Write(ref writer, entry);
                break;
            default:
                NoteRecords.WriteKeyDestroyed(ref writer, entry.KeyName ?? "");
                break;
        }

        segment.Commit(writer, entry.Kind, entry.Time);
    }

    private void WriteRules(OpenSegment segment, string version, long time)
    {
        if (segment.State.HasRules(version) || version == _unknownRules)
        {
            return;
        }

        if (sources.FindRules(version) is not { } rules)
        {
            _unknownRules = version;
            AuditLogNotes.RulesUnknown(logger, version);
            return;
        }

        ReadOnlySpan<byte> json = Encoding.UTF8.GetBytes(rules.ToJson());
        int parts = (json.Length + AuditFormat.RulesPartBytes - 1) / AuditFormat.RulesPartBytes;
        for (int part = 0; part < parts; part++)
        {
            ReadOnlySpan<byte> bytes = json[(part * AuditFormat.RulesPartBytes)..];
            RecordWriter writer = segment.Begin(time);
            NoteRecords.WriteRules(ref writer, version, part, parts, bytes[..Math.Min(bytes.Length, AuditFormat.RulesPartBytes)]);
            segment.Commit(writer, AuditRecordKind.Rules, time);
        }
    }

    private void WriteModel(OpenSegment segment, string version, long time)
    {
        if (version == _withoutModel || segment.State.HasModel(version))
        {
            return;
        }

        if (sources.FindModel(version) is not { } sha256)
        {
            _withoutModel = version; // A model without a file, such as the baseline: not looked for at each decision.
            return;
        }

        RecordWriter writer = segment.Begin(time);
        NoteRecords.WriteModel(ref writer, version, sha256);
        segment.Commit(writer, AuditRecordKind.Model, time);
    }
}
