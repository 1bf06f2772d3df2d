using PricingCore.Protocol;

namespace PricingCore.Client;

/// <summary>A connection that is made again when it is lost: at the next call, with growing waits between attempts that fail.</summary>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class ClientLink(PricingClientOptions options) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _disposing = new();
    private Task<ClientConnection>? _connecting;
    private ClientConnection? _live;
    private int _failures;

    /// <summary>Whether there is a connection right now.</summary>
    public bool IsConnected => _live is { IsOpen: true };

    /// <summary>The live connection, or the next one.</summary>
    /// <exception cref="PricingProtocolException">The server refuses the connection in a way that trying again does not mend.</exception>
    public ValueTask<ClientConnection> GetAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposing.IsCancellationRequested, typeof(PricingClient));
            if (_live is { IsOpen: true } live)
            {
                return new ValueTask<ClientConnection>(live);
            }

            if (_connecting is null or { IsCompleted: true })
            {
                _connecting = Task.Run(ConnectAsync, CancellationToken.None);
            }

            return new ValueTask<ClientConnection>(_connecting.WaitAsync(cancellationToken));
        }
    }

    /// <summary>Ends the connection, and makes no other.</summary>
    public async ValueTask DisposeAsync()
    {
        Task<ClientConnection>? connecting;
        lock (_lock)
        {
            connecting = _connecting;
            _disposing.Cancel();
        }

        if (connecting is not null)
        {
            await ((Task)connecting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (_live is { } live)
        {
            await live.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task<ClientConnection> ConnectAsync()
    {
        while (true)
        {
            if (_failures > 0)
            {
                await Task.Delay(NextDelay(), options.TimeProvider, _disposing.Token).ConfigureAwait(false);
            }

            try
            {
                ClientConnection connection = await ClientHandshake.ConnectAsync(options, _disposing.Token).ConfigureAwait(false);
                lock (_lock)
                {
                    _live = connection;
                }

                _failures = 0;
                return connection;
            }
            catch (PricingProtocolException refused)
            {
                _failures++;
                if (refused.Code is not (ProtocolErrorCode.Stopping or ProtocolErrorCode.TimedOut))
                {
                    throw; // A wrong credential does not become right by itself: whoever called is told.
                }
            }
            catch (PricingConnectionException)
            {
                _failures++;
            }
        }
    }

    /// <summary>Twice as long after each failure, less up to half at random so that clients do not come back all at once.</summary>
    private TimeSpan NextDelay()
    {
        double longest = options.LeastReconnectDelay.TotalMilliseconds * Math.Pow(2, Math.Min(_failures - 1, 20));
#pragma warning disable CA5394 // Spreads load; keeps no secret.
        return TimeSpan.FromMilliseconds(Math.Min(longest, options.MostReconnectDelay.TotalMilliseconds) * (0.5 + (Random.Shared.NextDouble() / 2)));
#pragma warning restore CA5394
    }
}
