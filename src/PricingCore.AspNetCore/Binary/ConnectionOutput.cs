using System.Buffers;
using System.IO.Pipelines;
using System.Threading.Channels;
using PricingCore.Protocol;

namespace PricingCore.AspNetCore.Binary;

/// <summary>Everything that is written to a connection: one writer at a time, answers that came late, and how much is still owed.</summary>
/// <remarks>
/// Whoever writes holds the gate from the first byte to the end of the flush, so while a client does not read, nobody writes and nothing
/// is read: memory is bounded by what is in flight, and that by the options.
/// </remarks>
/// <threadsafety>Any thread; <see cref="Writer"/> only with the gate.</threadsafety>
internal sealed class ConnectionOutput(PipeWriter writer, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly SemaphoreSlim _finished = new(0);
    private readonly Channel<LateAnswer> _late = Channel.CreateUnbounded<LateAnswer>(new UnboundedChannelOptions { SingleReader = true });
    private int _inFlight;
    private long _flushingSince;

    /// <summary>Where frames are written to.</summary>
    public PipeWriter Writer => writer;

    /// <summary>Quotes and events whose answer is outstanding.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Waits to be the one who writes.</summary>
    public Task EnterAsync(CancellationToken cancellationToken) => _gate.WaitAsync(cancellationToken);

    /// <summary>Lets others write.</summary>
    public void Exit() => _gate.Release();

    /// <summary>Sends what was written; waits while the client does not read.</summary>
    /// <returns><see langword="false"/> when the client is gone.</returns>
    public async ValueTask<bool> FlushAsync(CancellationToken cancellationToken)
    {
        ValueTask<FlushResult> flush = writer.FlushAsync(cancellationToken);
        if (flush.IsCompletedSuccessfully)
        {
            return !flush.Result.IsCompleted;
        }

        Volatile.Write(ref _flushingSince, Math.Max(1, time.GetTimestamp()));
        try
        {
            return !(await flush.ConfigureAwait(false)).IsCompleted;
        }
        finally
        {
            Volatile.Write(ref _flushingSince, 0);
        }
    }

    /// <summary>Whether the client has left its answers unread for longer than that.</summary>
    public bool IsStuckFor(TimeSpan limit) => Volatile.Read(ref _flushingSince) is var since and not 0 && time.GetElapsedTime(since) > limit;

    /// <summary>Counts what will be answered later.</summary>
    public void Begin(int items) => Interlocked.Add(ref _inFlight, items);

    /// <summary>Hands over an answer that came late; its frame is an array of the shared pool.</summary>
    public void Complete(byte[] frame, int length, int items) => _late.Writer.TryWrite(new LateAnswer(frame, length, items));

    /// <summary>Waits until no more than so many items are in flight.</summary>
    public async ValueTask WaitForAtMostAsync(int items, CancellationToken cancellationToken)
    {
        while (InFlight > items)
        {
            await _finished.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Writes late answers, as many at a time as there are, until it is cancelled or the client is gone.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await _late.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            await EnterAsync(cancellationToken).ConfigureAwait(false);
            int items = 0;
            try
            {
                while (_late.Reader.TryRead(out LateAnswer answer))
                {
                    writer.Write(answer.Frame.AsSpan(0, answer.Length));
                    ArrayPool<byte>.Shared.Return(answer.Frame);
                    items += answer.Items;
                }

                if (!await FlushAsync(cancellationToken).ConfigureAwait(false))
                {
                    return;
                }
            }
            finally
            {
                Exit();
                Interlocked.Add(ref _inFlight, -items);
                _finished.Release();
            }
        }
    }

    /// <summary>Writes an error; with the gate.</summary>
    public void WriteError(uint correlation, in ErrorBody error)
    {
        Span<byte> frame = writer.GetSpan(FrameHeader.Size + error.MaxBytes);
        int length = error.Write(frame[FrameHeader.Size..]);
        WriteHeader(frame, FrameKind.Error, 0, correlation, length);
        writer.Advance(FrameHeader.Size + length);
    }

    /// <summary>Writes a frame without a body, or with eight bytes; with the gate.</summary>
    public void WriteSmall(FrameKind kind, uint correlation, ReadOnlySpan<byte> body)
    {
        Span<byte> frame = writer.GetSpan(FrameHeader.Size + body.Length);
        WriteHeader(frame, kind, 0, correlation, body.Length);
        body.CopyTo(frame[FrameHeader.Size..]);
        writer.Advance(FrameHeader.Size + body.Length);
    }

    /// <summary>Writes a header at the start of a frame.</summary>
    public static void WriteHeader(Span<byte> frame, FrameKind kind, int count, uint correlation, int bodyLength) =>
        new FrameHeader(kind, count, correlation, bodyLength).Write(frame);

    /// <summary>Gives the frames back that nobody waits for any more. What completes even later is left to the collector.</summary>
    public void Dispose()
    {
        _late.Writer.TryComplete();
        while (_late.Reader.TryRead(out LateAnswer answer))
        {
            ArrayPool<byte>.Shared.Return(answer.Frame);
        }
    }

    private readonly record struct LateAnswer(byte[] Frame, int Length, int Items);
}
