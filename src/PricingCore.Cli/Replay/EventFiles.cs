using PricingCore.Cli.Replay.Csv;
using PricingCore.Cli.Replay.Input;

namespace PricingCore.Cli.Replay;

/// <summary>Opens the event files of a replay, pairs CSVs with their mappings and merges all by receive time.</summary>
internal sealed class EventFiles : IAsyncDisposable
{
    private readonly List<InputFile> _inputs = [];
    private readonly List<IEventReader> _readers = [];

    /// <summary>The events of all files in order of receive time.</summary>
    public IEventReader Merged => new MergedEvents(_readers);

    public long LengthBytes => _inputs.Sum(input => input.LengthBytes);

    public long PositionBytes => _inputs.Sum(input => input.PositionBytes);

    /// <exception cref="CommandFailedException">A file cannot be opened, or files and mappings do not fit.</exception>
    public static ValueTask<EventFiles> OpenAsync(ReplaySettings settings, RejectLog rejects) =>
        OpenAsync(settings.Events, settings.Format, settings.Maps, settings.From, settings.To, rejects);

    /// <exception cref="CommandFailedException">A file cannot be opened, or files and mappings do not fit.</exception>
    public static async ValueTask<EventFiles> OpenAsync(
        IReadOnlyList<string> events, EventFormat format, IReadOnlyList<string> maps, DateTimeOffset? from, DateTimeOffset? to, RejectLog rejects)
    {
        bool[] isCsv = [.. events.Select(path => IsCsv(path, format))];
        int csvs = isCsv.Count(csv => csv);
        bool isOneForAll = maps.Count == 1 && csvs > 0;
        if (csvs != maps.Count && !isOneForAll)
        {
            throw new CommandFailedException(
                $"{csvs} of the event files are CSV and {maps.Count} mapping(s) are given: give one --map for each CSV, in the same order, or one for all")
            {
                ExitCode = ExitCode.WrongUsage,
            };
        }

        EventMapping[] mappings = [.. maps.Select(MappingFile.Load)];
        var files = new EventFiles();
        try
        {
            for (int i = 0; i < events.Count; i++)
            {
                InputFile input = InputFile.Open(events[i]);
                files._inputs.Add(input);
                IEventReader reader;
                if (isCsv[i])
                {
                    var csv = new CsvEventReader(input, i, mappings[isOneForAll ? 0 : isCsv[..i].Count(earlier => earlier)], rejects);
                    await csv.ReadHeaderAsync().ConfigureAwait(false);
                    reader = csv;
                }
                else
                {
                    reader = new JsonEventReader(input, i, rejects);
                }

                reader = new ArrivalOrder(reader, rejects);
                files._readers.Add(from is null && to is null
                    ? reader
                    : new PeriodOfEvents(reader, from ?? DateTimeOffset.MinValue, to ?? DateTimeOffset.MaxValue, rejects));
            }

            return files;
        }
        catch
        {
            await files.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IEventReader reader in _readers)
        {
            await reader.DisposeAsync().ConfigureAwait(false);
        }

        foreach (InputFile input in _inputs)
        {
            input.Dispose();
        }
    }

    private static bool IsCsv(string path, EventFormat format)
    {
        if (format != EventFormat.Auto)
        {
            return format == EventFormat.Csv;
        }

        using InputFile input = InputFile.Open(path);
        byte[] first = new byte[256];
        try
        {
            int read = input.Content.ReadAtLeast(first, first.Length, throwOnEndOfStream: false);
            ReadOnlySpan<byte> text = first.AsSpan(0, read);
            text = text.StartsWith("\uFEFF"u8) ? text[3..] : text;
            text = text.TrimStart(" \t\r\n"u8);

            // A file with nothing in it, and one that breaks off at once, are read as JSON Lines, which need no mapping.
            return !text.IsEmpty && text[0] != '{';
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            return false;
        }
    }
}
