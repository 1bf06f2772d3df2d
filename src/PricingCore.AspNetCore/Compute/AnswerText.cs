using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using PricingCore.AspNetCore.Bodies;

namespace PricingCore.AspNetCore.Compute;

/// <summary>Puts an answer together, as bytes in a buffer of the thread.</summary>
/// <threadsafety>One thread at a time: what <see cref="Begin"/> gives is used up before the thread does anything else.</threadsafety>
internal sealed class AnswerText
{
    private const int MaxTail = 256; // Names, time, trace, duration; less than 200 bytes of them.
    private const int DigitsOfTime = 28;

    [ThreadStatic]
    private static AnswerText? _ofThread;

    private byte[] _buffer = new byte[4_096];
    private int _length;

    /// <summary>What has been written.</summary>
    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, _length);

    /// <summary>This thread's buffer, empty.</summary>
    public static AnswerText Begin()
    {
        AnswerText text = _ofThread ??= new AnswerText();
        text._length = 0;
        return text;
    }

    /// <summary>Sends what has been written as the answer, in one piece with its head.</summary>
    public Task SendAsync(HttpContext context)
    {
        JsonAnswer.SetHead(context, _length, StatusCodes.Status200OK);
        ValueTask<FlushResult> sending = context.Response.BodyWriter.WriteAsync(Written);
        if (sending.IsCompletedSuccessfully)
        {
            return Task.CompletedTask; // Kestrel has copied it.
        }

        _ofThread = null; // Somebody stands between, or the client reads slowly: the buffer is theirs until they are done.
        return sending.AsTask();
    }

    /// <summary>Adds an answer.</summary>
    /// <param name="requestId">The request's id, as it may stand between quotes.</param>
    /// <param name="decided">What the decision determines.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="traceId">The trace; null makes one up.</param>
    /// <param name="elapsed">How long it took.</param>
    public void Add(ReadOnlySpan<byte> requestId, ReadOnlySpan<byte> decided, in PricedAnswer answer, string? traceId, TimeSpan elapsed)
    {
        Reserve(requestId.Length + decided.Length + MaxTail + (answer.Token?.Length ?? 0));
        Put("{\"request_id\":\""u8);
        Put(requestId);
        Put("\","u8);
        Put(decided);
        Put(",\"valid_until\":\""u8);
        Utf8Formatter.TryFormat(answer.Quote.ValidUntil.UtcDateTime, _buffer.AsSpan(_length), out int written, new StandardFormat('O'));
        System.Diagnostics.Debug.Assert(written == DigitsOfTime, "A time in UTC has 28 characters.");
        _length += written;
        Put("\",\"trace_id\":\""u8);
        PutTrace(traceId);
        Put(answer.Quote.Cached ? "\",\"cached\":true,\"latency_ms\":"u8 : "\",\"cached\":false,\"latency_ms\":"u8);
        PutMilliseconds(elapsed);
        if (answer.Token is { } token)
        {
            Put(",\"quote_token\":\""u8);
            _length += System.Text.Encoding.ASCII.GetBytes(token, _buffer.AsSpan(_length));
            Put("\""u8);
        }

        Put("}"u8);
    }

    /// <summary>Adds bytes as they are.</summary>
    public void AddRaw(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        Put(bytes);
    }

    private void PutTrace(string? traceId)
    {
        Span<byte> target = _buffer.AsSpan(_length, Tracing.IdLength);
        if (traceId is null)
        {
            Tracing.WriteNewId(target);
        }
        else
        {
            System.Text.Encoding.ASCII.GetBytes(traceId, target);
        }

        _length += Tracing.IdLength;
    }

    private void PutMilliseconds(TimeSpan elapsed)
    {
        long micros = elapsed.Ticks / TimeSpan.TicksPerMicrosecond;
        Utf8Formatter.TryFormat(micros / 1_000, _buffer.AsSpan(_length), out int written);
        _length += written;
        uint fraction = (uint)(micros % 1_000);
        _buffer[_length] = (byte)'.';
        _buffer[_length + 1] = (byte)('0' + (fraction / 100));
        _buffer[_length + 2] = (byte)('0' + (fraction / 10 % 10));
        _buffer[_length + 3] = (byte)('0' + (fraction % 10));
        _length += 4;
    }

    private void Put(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
    }

    private void Reserve(int bytes)
    {
        if (_buffer.Length - _length < bytes)
        {
            Array.Resize(ref _buffer, Math.Max(2 * _buffer.Length, _length + bytes));
        }
    }
}
