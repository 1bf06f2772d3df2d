using System.Text.Encodings.Web;
using System.Text.Json;

namespace PricingCore.Cli.Replay.Input;

/// <summary>Counts what was not used, and writes each with its line to the rejects file.</summary>
/// <threadsafety>One thread at a time.</threadsafety>
internal sealed class RejectLog : IDisposable
{
    public static readonly Problem TooLong = new(RejectReason.LineTooLong, "a line may have 1 MiB at most; the rest of it was skipped");

    private readonly IReadOnlyList<string> _files;
    private readonly Stream? _output;
    private readonly Utf8JsonWriter? _json;
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _skipped = new(StringComparer.Ordinal);
    private readonly List<string> _broken = [];

    /// <param name="files">The names of the files, by number.</param>
    /// <param name="output">Where the rejects go as JSON Lines; null to count them only.</param>
    public RejectLog(IReadOnlyList<string> files, Stream? output)
    {
        _files = files;
        _output = output;
        _json = output is null
            ? null
            : new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    /// <summary>Rejected lines or events by reason.</summary>
    public IReadOnlyDictionary<string, long> Counts => _counts;

    /// <summary>Rows left out because a mapping says so, by its condition.</summary>
    public IReadOnlyDictionary<string, long> Skipped => _skipped;

    /// <summary>What could not be read to the end, one sentence a file.</summary>
    public IReadOnlyList<string> Broken => _broken;

    public long Duplicates { get; private set; }

    public void Add(int file, long line, in Problem problem)
    {
        _counts[problem.Reason] = _counts.GetValueOrDefault(problem.Reason) + 1;
        Write(file, line, problem);
    }

    /// <summary>An event that the engine found to be sent before; listed, but not counted as rejected.</summary>
    public void AddDuplicate(int file, long line, in Problem problem)
    {
        Duplicates++;
        Write(file, line, problem);
    }

    public void AddSkipped(string condition) => _skipped[condition] = _skipped.GetValueOrDefault(condition) + 1;

    /// <summary>Notes that a file broke off, when it did.</summary>
    public void AddBroken(int file, LineReader lines)
    {
        if (lines.Broken is null)
        {
            return;
        }

        long line = lines.LineNumber + 1;
        Add(file, line, new Problem(RejectReason.BrokenFile, $"{lines.Broken}; this line and everything after it was not read"));
        _broken.Add($"{_files[file]} breaks off in line {line} ({lines.Broken}); what comes after it was not read");
    }

    public void Dispose()
    {
        _json?.Dispose();
        _output?.Dispose();
    }

    private void Write(int file, long line, in Problem problem)
    {
        if (_json is null)
        {
            return;
        }

        _json.WriteStartObject();
        _json.WriteString("file"u8, _files[file]);
        _json.WriteNumber("line"u8, line);
        _json.WriteString("reason"u8, problem.Reason);
        _json.WriteString("detail"u8, problem.Detail);
        _json.WriteEndObject();
        _json.Flush();
        _json.Reset();
        _output!.WriteByte((byte)'\n');
    }
}
