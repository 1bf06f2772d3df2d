using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;

namespace PricingCore.Cli.Replay;

/// <summary>Prints what a replay did: a table on a terminal, plain lines in a pipe, JSON when asked for.</summary>
internal static class SummaryText
{
    public static void Write(ReplaySummary summary, ReplaySettings settings, TextWriter output)
    {
        if (settings.Json)
        {
            output.WriteLine(ToJson(summary, settings));
            return;
        }

        List<(string Name, string Value)> lines = [.. Lines(summary, settings)];
        if (output == Console.Out && !Console.IsOutputRedirected)
        {
            Table table = new Table().HideHeaders().AddColumn("what").AddColumn(new TableColumn("value").RightAligned());
            lines.ForEach(line => table.AddRow(Markup.Escape(line.Name), Markup.Escape(line.Value)));
            AnsiConsole.Write(table);
            return;
        }

        int width = lines.Max(line => line.Name.Length);
        lines.ForEach(line => output.WriteLine($"{line.Name.PadRight(width)}  {line.Value}"));
    }

    private static IEnumerable<(string Name, string Value)> Lines(ReplaySummary summary, ReplaySettings settings)
    {
        yield return ("accepted", Text(summary.Accepted));
        yield return ("duplicate", Text(summary.Duplicate));
        yield return ("late", Text(summary.Late));
        yield return ("rejected", Text(summary.Rejected.Values.Sum()));
        foreach ((string reason, long count) in summary.Rejected)
        {
            yield return ($"  {reason}", Text(count));
        }

        foreach ((string condition, long count) in summary.Skipped)
        {
            yield return ($"skipped: {condition}", Text(count));
        }

        yield return ("regions", Text(summary.Regions));
        yield return ("quotes", Text(summary.Quotes));
        foreach ((string reason, long count) in summary.Refused)
        {
            yield return ($"refused: {reason}", Text(count));
        }

        yield return ("first event", Text(summary.FirstEvent));
        yield return ("last event", Text(summary.LastEvent));
        yield return ("seconds", summary.Elapsed.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture));
        yield return ("events/s", summary.EventsPerSecond.ToString("N0", CultureInfo.InvariantCulture));
        yield return ("quotes/s", summary.QuotesPerSecond.ToString("N0", CultureInfo.InvariantCulture));
        yield return ("answers", settings.Out);
        if (settings.Rejects is not null)
        {
            yield return ("rejects", settings.Rejects);
        }
        else if (summary.Rejected.Count > 0)
        {
            yield return ("hint", "add --rejects FILE to see each rejected line");
        }
    }

    private static string Text(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Text(DateTimeOffset? time) => time is { } known ? known.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) : "none";

    private static string ToJson(ReplaySummary summary, ReplaySettings settings)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteNumber("accepted", summary.Accepted);
            json.WriteNumber("duplicate", summary.Duplicate);
            json.WriteNumber("late", summary.Late);
            WriteCounts(json, "rejected", summary.Rejected);
            WriteCounts(json, "skipped", summary.Skipped);
            json.WriteNumber("regions", summary.Regions);
            json.WriteNumber("quotes", summary.Quotes);
            WriteCounts(json, "refused", summary.Refused);
            WriteTime(json, "first_event", summary.FirstEvent);
            WriteTime(json, "last_event", summary.LastEvent);
            json.WriteNumber("elapsed_ms", Math.Round(summary.Elapsed.TotalMilliseconds, 1));
            json.WriteNumber("events_per_second", Math.Round(summary.EventsPerSecond));
            json.WriteNumber("quotes_per_second", Math.Round(summary.QuotesPerSecond));
            json.WriteStartArray("not_read_to_the_end");
            foreach (string broken in summary.Broken)
            {
                json.WriteStringValue(broken);
            }

            json.WriteEndArray();
            json.WriteString("answers", settings.Out);
            json.WriteString("rejects", settings.Rejects);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static void WriteCounts(Utf8JsonWriter json, string name, IReadOnlyDictionary<string, long> counts)
    {
        json.WriteStartObject(name);
        foreach ((string reason, long count) in counts)
        {
            json.WriteNumber(reason, count);
        }

        json.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } known)
        {
            json.WriteString(name, known.UtcDateTime);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
