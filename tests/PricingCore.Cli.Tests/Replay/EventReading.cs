using System.Text;
using System.Text.Json;
using PricingCore.Cli.Replay.Csv;
using PricingCore.Cli.Replay.Input;

namespace PricingCore.Cli.Tests.Replay;

/// <summary>Reads a file of events whole, with what was rejected.</summary>
internal sealed record EventReading(IReadOnlyList<SourceEvent> Events, IReadOnlyList<(long Line, string Reason, string Detail)> Rejects, RejectLog Log)
{
    public static Task<EventReading> OfJsonAsync(ScratchFolder folder, byte[] content) =>
        ReadAsync(folder, content, (input, log) => new JsonEventReader(input, 0, log));

    public static Task<EventReading> OfJsonAsync(ScratchFolder folder, params string[] lines) =>
        OfJsonAsync(folder, Encoding.UTF8.GetBytes(string.Join('\n', lines)));

    public static Task<EventReading> OfCsvAsync(ScratchFolder folder, string mapping, byte[] content, int maxWaiting = CsvEventReader.DefaultMaxWaiting) =>
        ReadAsync(folder, content, (input, log) =>
            new CsvEventReader(input, 0, MappingFile.Parse(Encoding.UTF8.GetBytes(mapping), "map.json"), log, maxWaiting));

    public static Task<EventReading> OfCsvAsync(ScratchFolder folder, string mapping, params string[] lines) =>
        OfCsvAsync(folder, mapping, Encoding.UTF8.GetBytes(string.Join('\n', lines)));

    private static async Task<EventReading> ReadAsync(ScratchFolder folder, byte[] content, Func<InputFile, RejectLog, IEventReader> open)
    {
        string path = folder.Write("events", content);
        using var output = new MemoryStream();
        var log = new RejectLog([path], output);
        var events = new List<SourceEvent>();
        await using (var reader = new ArrivalOrder(open(InputFile.Open(path), log), log))
        {
            while (await reader.MoveNextAsync())
            {
                events.Add(reader.Current);
            }
        }

        string written = Encoding.UTF8.GetString(output.ToArray());
        var rejects = written.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            return (root.GetProperty("line").GetInt64(), root.GetProperty("reason").GetString()!, root.GetProperty("detail").GetString()!);
        });
        return new EventReading(events, [.. rejects], log);
    }
}
