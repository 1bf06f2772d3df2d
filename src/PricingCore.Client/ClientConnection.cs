using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using PricingCore.Protocol;

namespace PricingCore.Client;

/// <summary>One live connection: sends calls as they come, many in one write, and hands each answer to its call.</summary>
/// <remarks>
/// Callers write under one lock into a pipe, whose other end one loop sends: what has gathered while a write was under way goes out with the
/// next. The connection ends once: then every call fails, and it is never used again.
/// </remarks>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class ClientConnection : IAsyncDisposable
{

    private readonly Stream _stream;
    private readonly Pipe _outgoing = new(new PipeOptions(pauseWriterThreshold: 0, minimumSegmentSize: 16_384, useSynchronizationContext: false));
    private readonly PipeReader _incoming;
    private readonly CallTable _calls = new();
    private readonly InFlightGate _gate;
    private readonly NameNumbers _names;
    private readonly Lock _sending = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITimer _keepAlive;
    private Task _loops = Task.CompletedTask;
    private int _silentTicks;
    private volatile Exception? _reason;

    /// <param name="stream">Connected, with the hello said.</param>
    /// <param name="incoming">Reads the stream, and may have read on.</param>
    /// <param name="limits">What the server said.</param>
    /// <param name="options">The client's limits.</param>
    public ClientConnection(Stream stream, PipeReader incoming, WelcomeBody limits, PricingClientOptions options)
    {
        _stream = stream;
        _incoming = incoming;
        Limits = limits;
        _names = new NameNumbers(_outgoing.Writer, limits.MaxNames);
        _gate = new InFlightGate(Math.Min(options.MaxInFlight, limits.MaxInFlight));
        TimeSpan interval = TimeSpan.FromMilliseconds(Math.Clamp(limits.IdleTimeoutMs / 3.0, 1, options.KeepAliveInterval.TotalMilliseconds));
        _keepAlive = options.TimeProvider.CreateTimer(_ => KeepAlive(), null, interval, interval);
    }

    /// <summary>The server's limits.</summary>
    public WelcomeBody Limits { get; }

    /// <summary>Whether calls can be sent.</summary>
    public bool IsOpen => _reason is null;

    /// <summary>Completes when the connection has ended.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Begins to send and receive.</summary>
    public void Start() => _loops = Task.WhenAll(SendLoopAsync(), ReceiveLoopAsync());

    /// <summary>Sends a call and waits for its answer.</summary>
    /// <exception cref="PricingConnectionException">The connection has ended.</exception>
    /// <exception cref="PricingProtocolException">The server refuses.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the answer is dropped when it comes.</exception>
    public async Task RunAsync(Call call, CancellationToken cancellationToken)
    {
        await _gate.EnterAsync(call.Items, cancellationToken).ConfigureAwait(false);
        try
        {
            Send(call);
            if (cancellationToken.CanBeCanceled)
            {
                await WaitAsync(call, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await call.Done.ConfigureAwait(false);
            }
        }
        finally
        {
            _gate.Exit(call.Items);
        }
    }

    /// <summary>Ends a subscription, if the connection still lives.</summary>
    public void Forget(uint subscription)
    {
        if (_calls.TryEndSubscription(subscription) && IsOpen)
        {
            try
            {
                Send(new UnsubscribeCall(subscription)); // Nobody waits for the answer.
            }
            catch (PricingConnectionException)
            {
                // It ended meanwhile, and the subscription with it.
            }
        }
    }

    /// <summary>Ends the connection: every call fails.</summary>
    public void Close(Exception reason)
    {
        lock (_sending)
        {
            if (_reason is not null)
            {
                return;
            }

            _reason = reason;
            _outgoing.Writer.Complete();
        }

        _keepAlive.Dispose();
        _stream.Dispose(); // Both loops end with this.
        _closed.TrySetResult();
        _calls.End(reason);
    }

    /// <summary>Ends the connection and waits for its loops.</summary>
    public async ValueTask DisposeAsync()
    {
        Close(new PricingConnectionException("The client was disposed."));
        await _loops.ConfigureAwait(false);
    }

    private async Task WaitAsync(Call call, CancellationToken cancellationToken)
    {
        try
        {
            await call.Done.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            if (!_calls.TryForget(call))
            {
                // The receiver is writing the answer into the caller's memory: it is not the caller's until that is done.
                await call.Done.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            throw;
        }
    }

    private void Send(Call call)
    {
        lock (_sending)
        {
            if (_reason is { } reason)
            {
                throw new PricingConnectionException("The connection has ended.", reason);
            }

            _calls.Add(call);
            try
            {
                call.Write(_outgoing.Writer, _names, Limits);
            }
            catch
            {
                _calls.TryForget(call);
                _calls.TryEndSubscription(call.Correlation);
                throw;
            }
            finally
            {
                ValueTask<FlushResult> flushed = _outgoing.Writer.FlushAsync(CancellationToken.None);
                Debug.Assert(flushed.IsCompleted, "A pipe without a limit never waits; the gate bounds what is in it.");
            }
        }
    }

    private async Task SendLoopAsync()
    {
        try
        {
            while (true)
            {
                ReadResult result = await _outgoing.Reader.ReadAsync().ConfigureAwait(false);
                foreach (ReadOnlyMemory<byte> segment in result.Buffer)
                {
                    await _stream.WriteAsync(segment).ConfigureAwait(false);
                }

                _outgoing.Reader.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                {
                    return;
                }
            }
        }
        catch (Exception lost) when (lost is IOException or ObjectDisposedException or InvalidOperationException)
        {
            Close(new PricingConnectionException("The connection was lost while sending.", lost));
        }
        finally
        {
            await _outgoing.Reader.CompleteAsync().ConfigureAwait(false);
        }
    }

    private async Task ReceiveLoopAsync()
    {
        Exception? lost = null;
        try
        {
            while (true)
            {
                ReadResult result = await _incoming.ReadAsync().ConfigureAwait(false);
                Volatile.Write(ref _silentTicks, 0);
                ReadOnlySequence<byte> buffer = result.Buffer;
                lost = _calls.TakeAll(ref buffer);
                _incoming.AdvanceTo(buffer.Start, buffer.End);
                if (lost is not null)
                {
                    break;
                }

                if (result.IsCompleted)
                {
                    lost = new PricingConnectionException("The server has closed the connection.");
                    break;
                }
            }
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException or InvalidOperationException)
        {
            lost = new PricingConnectionException("The connection was lost.", failure);
        }

        Close(lost);
        await _incoming.CompleteAsync().ConfigureAwait(false);
    }

    private void KeepAlive()
    {
        if (Interlocked.Increment(ref _silentTicks) > 2)
        {
            Close(new PricingConnectionException("The server did not answer pings."));
            return;
        }

        try
        {
            Send(new PingCall(_silentTicks));
        }
        catch (PricingConnectionException)
        {
            // It has just ended.
        }
    }
}
