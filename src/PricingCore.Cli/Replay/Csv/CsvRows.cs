using System.Text.Unicode;
using CsvHelper;
using PricingCore.Cli.Replay.Input;

namespace PricingCore.Cli.Replay.Csv;

/// <summary>Reads the rows of a CSV with a header. A bad row rejects that row only.</summary>
/// <remarks>
/// A quoted field may hold line breaks: a row runs over at most 16 lines. When its quotes do not close by then, or the joined
/// lines are no row, only the first of the lines is rejected and reading goes on with the next.
/// </remarks>
/// <threadsafety>One thread at a time.</threadsafety>
internal sealed class CsvRows : IAsyncDisposable
{
    private const int MaxLinesOfRow = 16;

    private static readonly Problem NotUtf8 = new(RejectReason.InvalidUtf8, "the line is not UTF-8");
    private readonly LineReader _lines;
    private readonly int _file;
    private readonly RejectLog _rejects;
    private readonly CsvReaderOptions _options;
    private readonly LinkedList<(byte[] Text, long Line)> _pending = new();

    public CsvRows(LineReader lines, char delimiter, int file, RejectLog rejects)
    {
        _lines = lines;
        _file = file;
        _rejects = rejects;
        _options = new CsvReaderOptions
        {
            Separator = delimiter,
            HasHeader = false,
            TrimWhitespace = true,
            MalformedData = CsvMalformedDataHandling.Throw,
        };
    }

    /// <summary>The names of the columns; empty when the file has no line.</summary>
    public IReadOnlyList<string> Header { get; private set; } = [];

    /// <summary>Number of the line that the row begins in, from 1.</summary>
    public long Line { get; private set; }

    /// <summary>The fields of the row, without quotes and spaces around them.</summary>
    public string[] Fields { get; private set; } = [];

    public async ValueTask ReadHeaderAsync()
    {
        if (await MoveNextAsync().ConfigureAwait(false))
        {
            Header = Fields;
        }
    }

    public async ValueTask<bool> MoveNextAsync()
    {
        while (await TakeLineAsync().ConfigureAwait(false) is { } first)
        {
            byte[] record = first.Text;
            int joined = 0;
            if (HasOpenQuote(record))
            {
                (record, joined) = await JoinAsync(record).ConfigureAwait(false);
            }

            Line = first.Line;
            if (TryParse(record, out Problem problem))
            {
                DropPending(joined);
                return true;
            }

            // The lines that were joined stay pending and are read as rows of their own.
            _rejects.Add(_file, first.Line, problem);
        }

        _rejects.AddBroken(_file, _lines);
        return false;
    }

    public ValueTask DisposeAsync() => _lines.DisposeAsync();

    private static bool HasOpenQuote(ReadOnlySpan<byte> text) => (text.Count((byte)'"') & 1) != 0;

    private async ValueTask<(byte[] Record, int Joined)> JoinAsync(byte[] first)
    {
        using var record = new MemoryStream();
        record.Write(first);
        LinkedListNode<(byte[] Text, long Line)>? next = _pending.First;
        for (int joined = 1; joined < MaxLinesOfRow; joined++)
        {
            if (next is null)
            {
                if (await ReadLineAsync().ConfigureAwait(false) is not { } read)
                {
                    break;
                }

                next = _pending.AddLast(read);
            }

            record.WriteByte((byte)'\n');
            record.Write(next.Value.Text);
            if (record.Length > LineReader.DefaultMaxLineBytes)
            {
                break;
            }

            if (HasOpenQuote(next.Value.Text))
            {
                return (record.ToArray(), joined);
            }

            next = next.Next;
        }

        return (first, 0);
    }

    private void DropPending(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _pending.RemoveFirst();
        }
    }

    private async ValueTask<(byte[] Text, long Line)?> TakeLineAsync()
    {
        if (_pending.First is { } pending)
        {
            _pending.RemoveFirst();
            return pending.Value;
        }

        return await ReadLineAsync().ConfigureAwait(false);
    }

    private async ValueTask<(byte[] Text, long Line)?> ReadLineAsync()
    {
        while (await _lines.MoveNextAsync().ConfigureAwait(false))
        {
            if (_lines.IsTooLong)
            {
                _rejects.Add(_file, _lines.LineNumber, RejectLog.TooLong);
            }
            else if (!Utf8.IsValid(_lines.Line))
            {
                _rejects.Add(_file, _lines.LineNumber, NotUtf8);
            }
            else if (_lines.Line.IndexOfAnyExcept(" \t"u8) >= 0)
            {
                return (_lines.Line.ToArray(), _lines.LineNumber);
            }
        }

        return null;
    }

    private bool TryParse(byte[] record, out Problem problem)
    {
        // A reader for each record: its rules on quotes, but a broken row cannot swallow the ones behind it.
        using CsvReader reader = CsvReader.Create(new ReadOnlyMemory<byte>(record), _options);
        try
        {
            if (!reader.Read())
            {
                problem = new Problem(RejectReason.InvalidCsv, "the row is empty");
                return false;
            }
        }
        catch (CsvFormatException exception)
        {
            int detail = exception.Message.IndexOf(": ", StringComparison.Ordinal);
            problem = new Problem(RejectReason.InvalidCsv, exception.Message[(detail + 2)..]);
            return false;
        }

        if (Header.Count > 0 && reader.FieldCount != Header.Count)
        {
            problem = new Problem(
                RejectReason.InvalidCsv, FormattableString.Invariant($"the row has {reader.FieldCount} columns, the header has {Header.Count}"));
            return false;
        }

        string[] fields = new string[reader.FieldCount];
        for (int i = 0; i < fields.Length; i++)
        {
            fields[i] = reader.GetString(i);
        }

        Fields = fields;
        problem = default;
        return true;
    }
}
