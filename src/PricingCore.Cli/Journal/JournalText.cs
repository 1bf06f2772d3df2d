using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PricingCore.Events;
using PricingCore.Journal;
using PricingCore.Numerics;

namespace PricingCore.Cli.Journal;

/// <summary>What is found in a journal, as lines for a person and as JSON.</summary>
internal static class JournalText
{
    /// <summary>All that is known of a lane.</summary>
    public static string Of(JournalReport report)
    {
        var text = new StringBuilder();
        text.Append(report.Directory).Append('\n');
        Line(text, "records", report.Records == 0 ? "none" : $"{Count(report.Records)}, {Count(report.FirstSequence)} to {Count(report.LastSequence)}");
        Line(text, "received", report.Records == 0 ? "-" : $"{Time(report.FirstTimeMicros)} to {Time(report.LastTimeMicros)}");
        Line(text, "notes", Count(report.Notes));
        Line(text, "segments", $"{report.Segments}, {Count(report.FileBytes)} bytes");
        Line(text, "written", $"{Count(report.Bytes)} bytes in {Count(report.Blocks)} blocks{PerRecord(report)}");
        Line(text, "codecs", report.Codecs.Count == 0 ? "-" : string.Join(", ", report.Codecs.Select(codec => $"{Name(codec.Key)} {Count(codec.Value)}")));
        foreach ((int kind, long count) in report.Kinds)
        {
            Line(text, "  " + Name((MarketEventKind)kind), Count(count));
        }

        Line(text, "end", End(report));
        return text.ToString().TrimEnd();
    }

    /// <summary>Whether a lane is right, in a line.</summary>
    public static string Verdict(JournalReport report) =>
        $"{report.Directory}: {Count(report.Records)} records and {Count(report.Notes)} notes in {report.Segments} segment(s) are right; {End(report)}";

    /// <summary>What a repair loses, in a few lines.</summary>
    public static string Of(string lane, JournalRepair repair, bool isDone)
    {
        string verb = (repair.LastSequenceKept == 0, isDone) switch
        {
            (true, true) => "now holds no record",
            (true, false) => "would then hold no record",
            (false, true) => "now ends with record " + Count(repair.LastSequenceKept),
            (false, false) => "would then end with record " + Count(repair.LastSequenceKept),
        };
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{repair.Fault.Message}\n");
        text.Append(CultureInfo.InvariantCulture, $"{lane} {verb}: {Count(repair.Bytes)} bytes ");
        text.Append(CultureInfo.InvariantCulture, $"{(isDone ? "are" : "would be")} lost to the engine, with {Count(repair.RecordsLost)} record(s) at least.");
        foreach (string file in repair.SetAside)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n  {(isDone ? "kept" : "would be kept")} as {file}{JournalRepair.AsideSuffix}");
        }

        return text.ToString();
    }

    public static JsonObject Json(JournalReport report) => new()
    {
        ["directory"] = report.Directory,
        ["ok"] = report.Fault is null,
        ["records"] = report.Records,
        ["first_sequence"] = report.FirstSequence,
        ["last_sequence"] = report.LastSequence,
        ["first_received"] = report.Records == 0 ? null : Time(report.FirstTimeMicros),
        ["last_received"] = report.Records == 0 ? null : Time(report.LastTimeMicros),
        ["notes"] = report.Notes,
        ["segments"] = report.Segments,
        ["file_bytes"] = report.FileBytes,
        ["written_bytes"] = report.Bytes,
        ["blocks"] = report.Blocks,
        ["closed"] = report.IsClosed,
        ["codecs"] = new JsonObject(report.Codecs.Select(codec => KeyValuePair.Create(Name(codec.Key), (JsonNode?)codec.Value))),
        ["kinds"] = new JsonObject(report.Kinds.Select(kind => KeyValuePair.Create(Name((MarketEventKind)kind.Key), (JsonNode?)kind.Value))),
        ["torn_tail"] = report.Torn is not { } torn ? null : new JsonObject { ["file"] = torn.File, ["offset"] = torn.Offset, ["bytes"] = torn.Bytes },
        ["fault"] = report.Fault is not { } fault ? null : Json(fault),
    };

    public static JsonObject Json(string lane, JournalRepair repair, bool isDone) => new()
    {
        ["directory"] = lane,
        ["done"] = isDone,
        ["fault"] = Json(repair.Fault),
        ["last_sequence_kept"] = repair.LastSequenceKept,
        ["records_lost_at_least"] = repair.RecordsLost,
        ["bytes_lost"] = repair.Bytes,
        ["set_aside"] = new JsonArray([.. repair.SetAside.Select(file => (JsonNode)(file + JournalRepair.AsideSuffix))]),
    };

    private static JsonObject Json(JournalDamagedException fault) =>
        new() { ["file"] = fault.File, ["offset"] = fault.Offset, ["reason"] = fault.Reason };

    private static string End(JournalReport report) =>
        report.Fault is { } fault ? "damaged: " + fault.Message
        : report.Torn is { } torn ? $"a torn tail of {Count(torn.Bytes)} bytes at byte {Count(torn.Offset)} of {torn.File}, which the engine cuts when it starts"
        : report.IsClosed ? "closed"
        : "not closed: it is still written, or its process was ended";

    private static string PerRecord(JournalReport report) =>
        report.Records == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {(double)report.Bytes / report.Records:0.00} a record");

    private static string Name(MarketEventKind kind) => Enum.IsDefined(kind) ? JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString()) : $"kind {(int)kind}";

    private static string Name(JournalCodec codec) => JsonNamingPolicy.SnakeCaseLower.ConvertName(codec.ToString());

    private static void Line(StringBuilder text, string name, string value) => text.Append(CultureInfo.InvariantCulture, $"{name,-22} {value}\n");

    private static string Time(long micros) => UnixMicros.ToTime(micros).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
