using PricingCore.Events;

namespace PricingCore.Cli.Replay.Input;

/// <summary>Reads events from JSON Lines. Empty lines are skipped; a bad line rejects that line only.</summary>
internal sealed class JsonEventReader(InputFile input, int file, RejectLog rejects) : IEventReader
{
    private readonly LineReader _lines = new(input.Content);
    private readonly JsonEventParser _parser = new();
    private SourceEvent _current;

    public SourceEvent Current => _current;

    public ValueTask<bool> MoveNextAsync()
    {
        // Stays synchronous as long as the bytes are there: no state machine for each line.
        while (true)
        {
            ValueTask<bool> move = _lines.MoveNextAsync();
            if (!move.IsCompletedSuccessfully)
            {
                return AwaitAsync(move);
            }

            if (Inspect(move.Result) is { } found)
            {
                return new ValueTask<bool>(found);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _lines.DisposeAsync().ConfigureAwait(false);
        input.Dispose();
    }

    private async ValueTask<bool> AwaitAsync(ValueTask<bool> move) =>
        Inspect(await move.ConfigureAwait(false)) ?? await MoveNextAsync().ConfigureAwait(false);

    /// <summary>True: an event was found; false: the end; null: this line gave none.</summary>
    private bool? Inspect(bool moved)
    {
        if (!moved)
        {
            rejects.AddBroken(file, _lines);
            return false;
        }

        if (_lines.IsTooLong)
        {
            rejects.Add(file, _lines.LineNumber, RejectLog.TooLong);
            return null;
        }

        if (IsBlank(_lines.Line))
        {
            return null;
        }

        if (!_parser.TryParse(_lines.Line, out MarketEvent marketEvent, out DateTimeOffset receivedAt, out Problem problem))
        {
            rejects.Add(file, _lines.LineNumber, problem);
            return null;
        }

        _current = new SourceEvent(marketEvent, receivedAt, file, _lines.LineNumber);
        return true;
    }

    private static bool IsBlank(ReadOnlySpan<byte> line) => line.IndexOfAnyExcept(" \t"u8) < 0;
}
