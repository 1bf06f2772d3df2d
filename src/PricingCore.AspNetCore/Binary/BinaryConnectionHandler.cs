using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using PricingCore.AspNetCore.Diagnostics;

namespace PricingCore.AspNetCore.Binary;

/// <summary>Serves the binary protocol on an endpoint of Kestrel; see <see cref="BinaryProtocolExtensions"/>.</summary>
/// <threadsafety>Any thread: one handler serves all connections of its endpoint.</threadsafety>
public sealed class BinaryConnectionHandler : ConnectionHandler
{
    private readonly Func<PricingEngine> _engine;
    private readonly BinaryProtocolOptions _options;
    private readonly IBinaryAuthenticator _authenticator;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private int _connections;

    /// <summary>Makes a handler.</summary>
    /// <param name="engine">Finds the engine, at each connection: a host may start to listen before its engine is ready.</param>
    /// <param name="options">Limits.</param>
    /// <param name="authenticator">Decides who may connect; null lets in who is on the same machine, and nobody else.</param>
    /// <param name="timeProvider">Drives time limits.</param>
    /// <param name="logger">Where refused and failed connections are reported.</param>
    /// <exception cref="ArgumentException">An option is outside its range; the message lists every error.</exception>
    public BinaryConnectionHandler(
        Func<PricingEngine> engine, BinaryProtocolOptions options, IBinaryAuthenticator? authenticator, TimeProvider timeProvider, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(timeProvider);
        ArgumentNullException.ThrowIfNull(logger);
        IReadOnlyList<string> errors = options.Validate();
        if (errors.Count > 0)
        {
            throw new ArgumentException("The options are refused:\n" + string.Join('\n', errors), nameof(options));
        }

        _engine = engine;
        _options = options;
        _authenticator = authenticator ?? new LoopbackAuthenticator();
        _time = timeProvider;
        _logger = logger;
    }

    /// <summary>Connections at this moment.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Serves a connection until it ends.</summary>
    /// <param name="connection">The connection.</param>
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ServiceMeters.CountConnection(1);
        try
        {
            if (Interlocked.Increment(ref _connections) > _options.MaxConnections)
            {
                ServiceMeters.CountRefusedBinary("too_many_connections");
                BinaryLog.TooMany(_logger, _options.MaxConnections);
                connection.Abort();
                return;
            }

            using var served = new BinaryConnection(connection, _engine(), _options, _authenticator, _time, _logger);
            await served.RunAsync().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // One connection's failure must not be another's.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            BinaryLog.Failed(_logger, connection.ConnectionId, failure);
            connection.Abort();
        }
        finally
        {
            Interlocked.Decrement(ref _connections);
            ServiceMeters.CountConnection(-1);
        }
    }
}
