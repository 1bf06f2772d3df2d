using System.Runtime.CompilerServices;
using PricingCore.Events;
using PricingCore.Protocol;
using PricingCore.Quotes;

namespace PricingCore.Client;

/// <summary>Talks to an engine in another process by the binary protocol, with the methods of <see cref="PricingEngine"/>.</summary>
/// <remarks>
/// Calls of all threads share one or a few connections and do not wait for each other's answers. A lost connection is made again at the
/// next call. Quotes that were under way when it was lost are asked for once more; events are not, since they may have been taken: send
/// them again with the same <see cref="MarketEvent.IdempotencyKey"/>.
/// </remarks>
/// <threadsafety>Any thread may call any member.</threadsafety>
public sealed class PricingClient : IAsyncDisposable
{
    private readonly PricingClientOptions _options;
    private readonly ClientLink[] _links;
    private int _turn;

    /// <summary>Makes a client; the first call connects.</summary>
    /// <param name="options">Where to connect to, and limits; read once.</param>
    /// <exception cref="ArgumentException">An option is outside its range; the message lists every error.</exception>
    public PricingClient(PricingClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        IReadOnlyList<string> errors = options.Validate();
        if (errors.Count > 0)
        {
            throw new ArgumentException("The options are refused:\n" + string.Join('\n', errors), nameof(options));
        }

        _options = options;
        _links = [.. Enumerable.Range(0, options.Connections).Select(_ => new ClientLink(options))];
    }

    /// <summary>Whether every connection is up right now.</summary>
    public bool IsConnected => Array.TrueForAll(_links, link => link.IsConnected);

    /// <summary>Connects now rather than at the first call.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="PricingProtocolException">The server refuses: wrong credential, other version.</exception>
    /// <exception cref="PricingConnectionException">There was no connection within <see cref="PricingClientOptions.CallTimeout"/>.</exception>
    public async Task ConnectAsync(CancellationToken cancellationToken = default)
    {
        foreach (ClientLink link in _links)
        {
            await GetAsync(link, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Asks for a quote, with everything that led to it.</summary>
    /// <param name="request">What is to be priced; its ids have at most 128 characters.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="QuoteRefusedException">There is no price; <see cref="QuoteRefusedException.Refusal"/> says why.</exception>
    /// <exception cref="ArgumentException">An id of the request is too long.</exception>
    /// <exception cref="PricingProtocolException">The server refuses.</exception>
    /// <exception cref="PricingConnectionException">There is no connection, or no answer within <see cref="PricingClientOptions.CallTimeout"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask<RemoteQuote> QuoteAsync(QuoteRequest request, CancellationToken cancellationToken = default)
    {
        CheckId(request.RequestId, nameof(request));
        CheckId(request.UserId, nameof(request));
        CheckId(request.TraceId, nameof(request));
        QuoteCall call = await RunAsync(() => new QuoteCall(request), isRepeatable: true, cancellationToken).ConfigureAwait(false);
        return call.Quote.Refusal == QuoteRefusal.None ? call.Quote : throw new QuoteRefusedException(call.Quote.Refusal, request);
    }

    /// <summary>Asks for many quotes at a time: the way to the most quotes a second.</summary>
    /// <param name="requests">What is to be priced; request, user and trace ids are not sent.</param>
    /// <param name="quotes">Gets a quote, or why there is none, for each; as long as <paramref name="requests"/>. Do not read it before the end.</param>
    /// <param name="cancellationToken">Stops waiting; <paramref name="quotes"/> is not written to after that.</param>
    /// <exception cref="ArgumentException"><paramref name="quotes"/> is not as long as <paramref name="requests"/>.</exception>
    /// <exception cref="PricingProtocolException">The server refuses.</exception>
    /// <exception cref="PricingConnectionException">There is no connection, or no answer within <see cref="PricingClientOptions.CallTimeout"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask QuoteAsync(ReadOnlyMemory<QuoteRequest> requests, Memory<RemoteQuote> quotes, CancellationToken cancellationToken = default)
    {
        CheckLengths(requests.Length, quotes.Length, nameof(quotes));
        ClientLink link = NextLink();
        int most = requests.IsEmpty ? 1 : (await GetAsync(link, cancellationToken).ConfigureAwait(false)).Limits.MaxQuotes;
        for (int from = 0; from < requests.Length; from += most)
        {
            int count = Math.Min(most, requests.Length - from);
            (ReadOnlyMemory<QuoteRequest> some, Memory<RemoteQuote> answers) = (requests.Slice(from, count), quotes.Slice(from, count));
            await RunAsync(() => new QuoteBatchCall(some, answers), isRepeatable: true, cancellationToken, link).ConfigureAwait(false);
        }
    }

    /// <summary>Publishes an event and waits until it is in the features, and on disk where the engine's journal is durable.</summary>
    /// <param name="marketEvent">What happened.</param>
    /// <param name="cancellationToken">Stops waiting; the event may still be applied.</param>
    /// <returns><see cref="Rejection.None"/>, or why not.</returns>
    /// <exception cref="PricingProtocolException">The server refuses.</exception>
    /// <exception cref="PricingConnectionException">There is no connection, or no answer in time; the event may have been applied.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask<Rejection> PublishAsync(MarketEvent marketEvent, CancellationToken cancellationToken = default)
    {
        var outcomes = new Rejection[1];
        await PublishAsync(new[] { marketEvent }, outcomes, cancellationToken).ConfigureAwait(false);
        return outcomes[0];
    }

    /// <summary>Publishes events in their order and waits until the last of them is in the features, and on disk where the engine's journal is durable.</summary>
    /// <param name="events">What happened. More than the server takes in a frame are sent in several, one after the other.</param>
    /// <param name="outcomes">Gets <see cref="Rejection.None"/>, or why not, for each event; as long as <paramref name="events"/>. Do not read it before the end.</param>
    /// <param name="cancellationToken">Stops waiting; the events may still be applied.</param>
    /// <exception cref="ArgumentException"><paramref name="outcomes"/> is not as long as <paramref name="events"/>.</exception>
    /// <exception cref="PricingProtocolException">The server refuses.</exception>
    /// <exception cref="PricingConnectionException">There is no connection, or no answer in time; the events may have been applied.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask PublishAsync(ReadOnlyMemory<MarketEvent> events, Memory<Rejection> outcomes, CancellationToken cancellationToken = default)
    {
        CheckLengths(events.Length, outcomes.Length, nameof(outcomes));
        ClientLink link = NextLink();
        for (int from = 0; from < events.Length;)
        {
            WelcomeBody limits = (await GetAsync(link, cancellationToken).ConfigureAwait(false)).Limits;
            int count = CountForFrame(events.Span[from..], limits);
            (ReadOnlyMemory<MarketEvent> some, Memory<Rejection> answers) = (events.Slice(from, count), outcomes.Slice(from, count));
            await RunAsync(() => new PublishCall(some, answers), isRepeatable: false, cancellationToken, link).ConfigureAwait(false);
            from += count;
        }
    }

    /// <summary>Follows prices: each as it is, and then each time it changes. A slow reader gets the latest of each, and never an old one.</summary>
    /// <remarks>Goes on over lost connections until the token is cancelled or the enumeration is left.</remarks>
    /// <param name="lanes">Regions and products; base prices are not used.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ArgumentException">There are no lanes, or more than 65,535.</exception>
    /// <exception cref="PricingProtocolException">The server refuses, for example because there are too many lanes.</exception>
    public async IAsyncEnumerable<PriceChange> SubscribeAsync(
        IReadOnlyList<QuoteRequest> lanes, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(lanes);
        if (lanes.Count is 0 or > ushort.MaxValue)
        {
            throw new ArgumentException($"There are {lanes.Count} lanes; 1 to {ushort.MaxValue:N0} can be subscribed to.", nameof(lanes));
        }

        var subscription = new PriceSubscription([.. lanes]);
        ClientLink link = NextLink();
        while (true)
        {
            ClientConnection connection = await link.GetAsync(cancellationToken).ConfigureAwait(false);
            var call = new SubscribeCall(subscription);
            try
            {
                try
                {
                    await connection.RunAsync(call, cancellationToken).ConfigureAwait(false);
                }
                catch (PricingConnectionException)
                {
                    continue;
                }

                while (connection.IsOpen || subscription.HasUnseen)
                {
                    while (subscription.TryNext(out PriceChange change))
                    {
                        yield return change;
                    }

                    await subscription.WaitAsync(() => !connection.IsOpen, cancellationToken).ConfigureAwait(false);
                }
            }
            finally
            {
                connection.Forget(call.Correlation);
            }
        }
    }

    /// <summary>Asks whether the server is there.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>How long the answer took.</returns>
    /// <exception cref="PricingConnectionException">It is not, or it does not answer within <see cref="PricingClientOptions.CallTimeout"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask<TimeSpan> PingAsync(CancellationToken cancellationToken = default)
    {
        long begin = _options.TimeProvider.GetTimestamp();
        await RunAsync(() => new PingCall(begin), isRepeatable: true, cancellationToken).ConfigureAwait(false);
        return _options.TimeProvider.GetElapsedTime(begin);
    }

    /// <summary>Ends every connection; calls that are under way fail.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (ClientLink link in _links)
        {
            await link.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static void CheckLengths(int asked, int room, string name)
    {
        if (asked != room)
        {
            throw new ArgumentException($"There are {asked} to send, and room for {room} answers.", name);
        }
    }

    private static void CheckId(string? id, string name)
    {
        if (id is { Length: > ProtocolConstants.MaxIdLength })
        {
            throw new ArgumentException($"An id of the request has {id.Length} characters; {ProtocolConstants.MaxIdLength} at most.", name);
        }
    }

    private static int CountForFrame(ReadOnlySpan<MarketEvent> events, in WelcomeBody limits)
    {
        int bytes = FrameHeader.Size;
        int count = 0;
        while (count < events.Length && count < limits.MaxEvents && bytes + PublishCall.MaxBytesOf(events[count]) is var with && (count == 0 || with <= limits.MaxFrameBytes))
        {
            bytes = with;
            count++;
        }

        return count;
    }

    private ClientLink NextLink() => _links.Length == 1 ? _links[0] : _links[unchecked((uint)Interlocked.Increment(ref _turn)) % (uint)_links.Length];

    private async Task<T> RunAsync<T>(Func<T> make, bool isRepeatable, CancellationToken cancellationToken, ClientLink? link = null)
        where T : Call
    {
        link ??= NextLink();
        using var limit = new CallLimit(_options, cancellationToken);
        while (true)
        {
            T call = make();
            try
            {
                ClientConnection connection = await link.GetAsync(limit.Token).ConfigureAwait(false);
                await connection.RunAsync(call, limit.Token).ConfigureAwait(false);
                return call;
            }
            catch (PricingConnectionException) when (isRepeatable)
            {
                isRepeatable = false;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw limit.Explain();
            }
        }
    }

    private async ValueTask<ClientConnection> GetAsync(ClientLink link, CancellationToken cancellationToken)
    {
        ValueTask<ClientConnection> connecting = link.GetAsync(cancellationToken);
        if (connecting.IsCompletedSuccessfully)
        {
            return connecting.Result;
        }

        using var limit = new CallLimit(_options, cancellationToken);
        try
        {
            return await connecting.AsTask().WaitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw limit.Explain();
        }
    }
}
