using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Logging;
using PricingCore.Protocol;

namespace PricingCore.AspNetCore.Binary;

/// <summary>One connection from its hello to its end.</summary>
/// <remarks>
/// hello -> (frames that were received together -> answers -> one flush)*. What takes longer is answered by <see cref="ConnectionOutput"/>
/// when it is there. A client that closes its sending half gets the answers that it is owed; one that is silent, does not say hello or does
/// not read for too long is cut off.
/// </remarks>
internal sealed class BinaryConnection : IDisposable
{
    private const int FlushAfterBytes = 65_536;
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(1);

    private readonly ConnectionContext _connection;
    private readonly PricingEngine _engine;
    private readonly BinaryProtocolOptions _options;
    private readonly IBinaryAuthenticator _authenticator;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ConnectionOutput _output;
    private readonly CancellationTokenSource _closing = new();
    private readonly long _startedAt;
    private BinaryCaller? _caller;
    private Task _watching = Task.CompletedTask;
    private long _readingSince;

    public BinaryConnection(
        ConnectionContext connection, PricingEngine engine, BinaryProtocolOptions options, IBinaryAuthenticator authenticator, TimeProvider time, ILogger logger)
    {
        _connection = connection;
        _engine = engine;
        _options = options;
        _authenticator = authenticator;
        _time = time;
        _logger = logger;
        _output = new ConnectionOutput(connection.Transport.Output, time);
        _startedAt = time.GetTimestamp();
    }

    private PipeReader Input => _connection.Transport.Input;

    /// <summary>Serves the connection until it ends.</summary>
    public async Task RunAsync()
    {
        CancellationToken stopping = _connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        using CancellationTokenRegistration stop = stopping.UnsafeRegister(state => ((PipeReader)state!).CancelPendingRead(), Input);
        await using ITimer timer = _time.CreateTimer(_ => CutOffIfDead(), null, CheckInterval, CheckInterval);
        Task answering = AnswerLateAsync();
        try
        {
            if (await GreetAsync().ConfigureAwait(false) is { } requests)
            {
                await ServeAsync(requests).ConfigureAwait(false);
            }
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            // The client is gone, or was cut off. Kestrel's ConnectionResetException is an IOException.
        }
        finally
        {
            await _closing.CancelAsync().ConfigureAwait(false);
            await answering.ConfigureAwait(false);
            await _watching.ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        _output.Dispose();
        _closing.Dispose();
    }

    private async Task<BinaryRequests?> GreetAsync()
    {
        while (true)
        {
            ReadResult result = await ReadAsync().ConfigureAwait(false);
            ReadOnlySequence<byte> buffer = result.Buffer;
            FrameStatus status = FrameHeader.TryTake(ref buffer, ProtocolConstants.MaxHelloBytes, out FrameHeader header, out ReadOnlySequence<byte> body);
            if (status == FrameStatus.Incomplete && !result.IsCompleted && !result.IsCanceled)
            {
                Input.AdvanceTo(buffer.Start, buffer.End);
                continue;
            }

            if (status == FrameStatus.Incomplete)
            {
                Input.AdvanceTo(buffer.End);
                return null;
            }

            HelloBody hello = default;
            bool isHello = status == FrameStatus.Complete && header.Kind == FrameKind.Hello && HelloBody.TryRead(body.ToArray(), out hello);
            Input.AdvanceTo(buffer.Start);
            return isHello ? await GreetAsync(hello, header.Correlation).ConfigureAwait(false)
                : await RefuseAsync(status == FrameStatus.TooLong ? ProtocolErrorCode.TooLong : ProtocolErrorCode.HelloExpected, "The first frame is a hello; see docs/protocol.md.").ConfigureAwait(false);
        }
    }

    private async Task<BinaryRequests?> GreetAsync(HelloBody hello, uint correlation)
    {
        if (hello.LeastVersion > ProtocolConstants.Version || hello.MostVersion < ProtocolConstants.Version)
        {
            return await RefuseAsync(
                ProtocolErrorCode.VersionNotSupported, FormattableString.Invariant($"This server speaks version {ProtocolConstants.Version}.")).ConfigureAwait(false);
        }

        _caller = await _authenticator.AuthenticateAsync(hello.Credential, _connection.RemoteEndPoint, _closing.Token).ConfigureAwait(false);
        if (_caller is null)
        {
            BinaryLog.Refused(_logger, _connection.ConnectionId);
            return await RefuseAsync(ProtocolErrorCode.Unauthenticated, "The credential is missing or wrong.").ConfigureAwait(false);
        }

        await _output.EnterAsync(_closing.Token).ConfigureAwait(false);
        try
        {
            byte[] welcome = new byte[WelcomeBody.Size];
            _options.Welcome(hello.Features & ProtocolFeatures.Subscriptions).Write(welcome);
            _output.WriteSmall(FrameKind.Welcome, correlation, welcome);
            return await _output.FlushAsync(_closing.Token).ConfigureAwait(false)
                ? new BinaryRequests(_engine, _options, _output, _caller, _closing.Token)
                : null;
        }
        finally
        {
            _output.Exit();
        }
    }

    private async Task ServeAsync(BinaryRequests requests)
    {
        while (true)
        {
            ReadResult result = await ReadAsync().ConfigureAwait(false);
            ReadOnlySequence<byte> buffer = result.Buffer;
            ErrorBody? fatal = _caller!.ExpiresAt != DateTimeOffset.MaxValue && _time.GetUtcNow() >= _caller.ExpiresAt
                ? new ErrorBody(ProtocolErrorCode.Unauthenticated, 0, "The credential has expired.")
                : null;
            for (bool hasMore = fatal is null; hasMore;)
            {
                await _output.EnterAsync(_closing.Token).ConfigureAwait(false);
                try
                {
                    fatal = AnswerSome(requests, ref buffer, out hasMore);
                    if (!await _output.FlushAsync(_closing.Token).ConfigureAwait(false))
                    {
                        return;
                    }
                }
                finally
                {
                    _output.Exit();
                }

                if (_output.InFlight >= _options.MaxInFlight)
                {
                    await _output.WaitForAtMostAsync(_options.MaxInFlight - 1, _closing.Token).ConfigureAwait(false);
                }
            }

            Input.AdvanceTo(buffer.Start, buffer.End);
            if (!requests.Watch.IsEmpty && _watching.IsCompleted)
            {
                _watching = WatchAsync(requests.Watch);
            }

            if (fatal is { } error)
            {
                BinaryLog.Broken(_logger, _connection.ConnectionId, error.Code);
                await RefuseAsync(error.Code, error.Message).ConfigureAwait(false);
                return;
            }

            if (result.IsCompleted || result.IsCanceled)
            {
                await _output.WaitForAtMostAsync(0, _closing.Token).ConfigureAwait(false); // A half-closed client gets all it is owed.
                if (result.IsCanceled)
                {
                    await RefuseAsync(ProtocolErrorCode.Stopping, "The server is stopping; connect again.").ConfigureAwait(false);
                }

                return;
            }
        }
    }

    /// <summary>Answers frames until there are none, the answers should be sent, or too much is in flight.</summary>
    private ErrorBody? AnswerSome(BinaryRequests requests, ref ReadOnlySequence<byte> buffer, out bool hasMore)
    {
        hasMore = false;
        while (true)
        {
            switch (FrameHeader.TryTake(ref buffer, _options.MaxFrameBytes, out FrameHeader header, out ReadOnlySequence<byte> body))
            {
                case FrameStatus.Incomplete:
                    return null;
                case FrameStatus.Complete:
                    if (requests.Answer(header, body) is { } fatal)
                    {
                        return fatal;
                    }

                    break;
                case FrameStatus.TooLong:
                    return new ErrorBody(ProtocolErrorCode.TooLong, 0, requests.Explain(ProtocolErrorCode.TooLong));
                default:
                    return new ErrorBody(ProtocolErrorCode.Malformed, 0, requests.Explain(ProtocolErrorCode.Malformed));
            }

            if (_output.Writer.UnflushedBytes >= FlushAfterBytes || _output.InFlight >= _options.MaxInFlight)
            {
                hasMore = true;
                return null;
            }
        }
    }

    private async ValueTask<ReadResult> ReadAsync()
    {
        ValueTask<ReadResult> read = Input.ReadAsync(_closing.Token);
        if (read.IsCompletedSuccessfully)
        {
            return read.Result;
        }

        Volatile.Write(ref _readingSince, Math.Max(1, _time.GetTimestamp()));
        ReadResult result = await read.ConfigureAwait(false);
        Volatile.Write(ref _readingSince, 0);
        return result;
    }

    private async Task<BinaryRequests?> RefuseAsync(ProtocolErrorCode code, string reason)
    {
        await LastWord.SayAsync(Input, _output, new ErrorBody(code, 0, reason), _closing.Token).ConfigureAwait(false);
        return null;
    }

    private async Task AnswerLateAsync()
    {
        try
        {
            await _output.RunAsync(_closing.Token).ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or InvalidOperationException)
        {
            // The connection ends; its reader sees that too.
        }

        await _closing.CancelAsync().ConfigureAwait(false);
    }

    private async Task WatchAsync(PriceWatch watch)
    {
        using var timer = new PeriodicTimer(_options.PriceInterval, _time);
        try
        {
            do
            {
                await _output.EnterAsync(_closing.Token).ConfigureAwait(false);
                try
                {
                    if (watch.WriteChanges() && !await _output.FlushAsync(_closing.Token).ConfigureAwait(false))
                    {
                        return;
                    }
                }
                finally
                {
                    _output.Exit();
                }
            }
            while (await timer.WaitForNextTickAsync(_closing.Token).ConfigureAwait(false));
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or InvalidOperationException)
        {
            // The connection ends.
        }
    }

    private void CutOffIfDead()
    {
        long readingSince = Volatile.Read(ref _readingSince);
        bool isLate = _caller is null && _time.GetElapsedTime(_startedAt) > _options.HelloTimeout;
        bool isSilent = readingSince != 0 && _time.GetElapsedTime(readingSince) > _options.IdleTimeout;
        if (isLate || isSilent || _output.IsStuckFor(_options.WriteTimeout))
        {
            BinaryLog.CutOff(_logger, _connection.ConnectionId);
            _connection.Abort();
        }
    }
}
