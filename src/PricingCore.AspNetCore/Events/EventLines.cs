using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using PricingCore.AspNetCore.Bodies;
using PricingCore.Events;
using PricingCore.Events.Json;
using EventProblem = PricingCore.Events.Json.Problem;

namespace PricingCore.AspNetCore.Events;

/// <summary>Reads events line by line as they come in, and publishes them in chunks while it reads on. Never holds more of the body than a line and what the pipe holds.</summary>
/// <threadsafety>One request.</threadsafety>
internal sealed class EventLines(PricingEndpointOptions options, PricingEngine engine, JsonEventParser parser, EventResults results)
{
    private const int MostInFlight = 4; // Chunks; enough to keep a disk busy that takes some milliseconds for a sync.

    private readonly Queue<(EventChunk Chunk, Task Published)> _inFlight = new();
    private readonly int _maxLine = options.MaxLineBytes;
    private EventChunk _chunk = EventChunk.Rent();
    private byte[]? _line;
    private int _index;
    private bool _isSkipping;

    /// <summary>Reads to the end of the body.</summary>
    /// <returns>What ended it early; none when it was read whole. What came before is published all the same.</returns>
    public async Task<Problems.Problem> ReadAsync(HttpContext context)
    {
        PipeReader reader = context.Request.BodyReader;
        CancellationToken aborted = context.RequestAborted;
        Problems.Problem problem = default;
        while (true)
        {
            ReadResult read;
            try
            {
                if (!reader.TryRead(out read))
                {
                    await PublishAsync(aborted).ConfigureAwait(false); // Nothing more has come: what is there need not wait for it.
                    read = await reader.ReadAsync(CancellationToken.None).ConfigureAwait(false); // The server ends it when the client goes.
                }
            }
            catch (IOException fault)
            {
                problem = BodyReader.Of(fault, options.MaxBatchBytes);
                break;
            }

            ReadOnlySequence<byte> rest = read.Buffer;
            while (TakeLines(ref rest))
            {
                await PublishAsync(aborted).ConfigureAwait(false);
            }

            if (read.IsCompleted)
            {
                TakeLast(rest);
                reader.AdvanceTo(read.Buffer.End);
                break;
            }

            SkipIfTooLong(ref rest);
            reader.AdvanceTo(rest.Start, rest.End);
        }

        await PublishAsync(aborted).ConfigureAwait(false);
        while (_inFlight.Count > 0)
        {
            await EndOldestAsync(aborted).ConfigureAwait(false);
        }

        EventChunk.Return(_chunk);
        if (_line is not null)
        {
            ArrayPool<byte>.Shared.Return(_line);
        }

        return problem;
    }

    /// <summary>Takes whole lines until there is none, or the chunk is full.</summary>
    /// <returns>Whether the chunk is full.</returns>
    private bool TakeLines(ref ReadOnlySequence<byte> rest)
    {
        var reader = new SequenceReader<byte>(rest);
        while (!_chunk.IsFull && reader.TryReadTo(out ReadOnlySequence<byte> line, (byte)'\n'))
        {
            if (_isSkipping)
            {
                _isSkipping = false; // The end of a line that was too long.
                continue;
            }

            Take(line);
        }

        rest = rest.Slice(reader.Position);
        return _chunk.IsFull;
    }

    private void TakeLast(in ReadOnlySequence<byte> rest)
    {
        if (!_isSkipping && !rest.IsEmpty)
        {
            Take(rest);
        }
    }

    private void Take(in ReadOnlySequence<byte> line)
    {
        if (line.Length > _maxLine)
        {
            RefuseLong();
            return;
        }

        if (line.IsSingleSegment)
        {
            Take(line.FirstSpan);
            return;
        }

        _line ??= ArrayPool<byte>.Shared.Rent(_maxLine);
        line.CopyTo(_line);
        Take(_line.AsSpan(0, (int)line.Length));
    }

    private void Take(ReadOnlySpan<byte> line)
    {
        line = line.Trim(" \t\r"u8);
        if (line.IsEmpty)
        {
            return;
        }

        int index = _index++;
        if (parser.TryParse(line, out MarketEvent marketEvent, out _, out EventProblem problem))
        {
            _chunk.Add(marketEvent, index);
        }
        else
        {
            results.Add(index, problem);
        }
    }

    private void SkipIfTooLong(ref ReadOnlySequence<byte> rest)
    {
        if (rest.Length <= _maxLine && !_isSkipping)
        {
            return;
        }

        if (!_isSkipping)
        {
            RefuseLong();
            _isSkipping = true;
        }

        rest = rest.Slice(rest.End);
    }

    private void RefuseLong() => results.Add(
        _index++, new EventProblem(RejectReason.LineTooLong, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"the line has more than {_maxLine:N0} bytes")));

    private async ValueTask PublishAsync(CancellationToken aborted)
    {
        if (_chunk.Count == 0)
        {
            return;
        }

        while (_inFlight.Count >= MostInFlight)
        {
            await EndOldestAsync(aborted).ConfigureAwait(false);
        }

        _inFlight.Enqueue((_chunk, _chunk.PublishAsync(engine)));
        _chunk = EventChunk.Rent();
    }

    private async Task EndOldestAsync(CancellationToken aborted)
    {
        (EventChunk chunk, Task published) = _inFlight.Dequeue();
        await published.WaitAsync(aborted).ConfigureAwait(false); // Cancelled: the chunk is not used again, since the engine may still write into it.
        results.Add(chunk);
        EventChunk.Return(chunk);
    }
}
