using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace PricingCore.Hosting.Alerts;

/// <summary>Posts alerts to a webhook, one after the other, each until it is taken, refused or given up.</summary>
/// <remarks>
/// Nobody waits for it: a queue that is full drops. It never follows a redirect and reads no answer beyond its head. The time between attempts doubles,
/// without chance in it, on the host's clock.
/// </remarks>
/// <threadsafety><see cref="TrySend"/>: any thread. <see cref="StopAsync"/>: once.</threadsafety>
internal sealed class WebhookSender : IDisposable
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(5);

    private readonly string _engine;
    private readonly Uri _address;
    private readonly WebhookOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Action<WebhookOutcome> _count;
    private readonly Channel<EngineAlert> _waiting;
    private readonly HttpClient _client;
    private readonly CancellationTokenSource _stopping = new();
    private Task _sending = Task.CompletedTask;

    /// <param name="engine">The engine's name.</param>
    /// <param name="options">Where to and how; with an address.</param>
    /// <param name="time">The host's clock.</param>
    /// <param name="logger">Told of what could not be sent.</param>
    /// <param name="count">Told what became of each.</param>
    public WebhookSender(string engine, WebhookOptions options, TimeProvider time, ILogger logger, Action<WebhookOutcome> count)
    {
        _engine = engine;
        _address = new Uri(options.Url!, UriKind.Absolute);
        _options = options;
        _time = time;
        _logger = logger;
        _count = count;
        _waiting = Channel.CreateBounded<EngineAlert>(new BoundedChannelOptions(options.Capacity) { SingleReader = true });
        _client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, // Whoever could redirect would see alerts that were not meant for them.
            UseCookies = false,
            ActivityHeadersPropagator = null, // No traces: they would show the address.
            PooledConnectionLifetime = LongestDelay, // So that a name that has moved is looked up again.
        })
        {
            Timeout = Timeout.InfiniteTimeSpan, // Each attempt has its own, on the host's clock.
        };
    }

    /// <summary>Begins to send.</summary>
    public void Start() => _sending = Task.Run(SendAllAsync);

    /// <summary>Has an alert sent, if there is room.</summary>
    public void TrySend(EngineAlert alert)
    {
        if (!_waiting.Writer.TryWrite(alert))
        {
            _count(WebhookOutcome.Dropped);
        }
    }

    /// <summary>Takes nothing more, and gives what waits a moment to be sent; then it is dropped.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _waiting.Writer.TryComplete();
        try
        {
            // On the system's clock: a host must end, whatever clock its engine has.
            await _sending.WaitAsync(_options.DrainTimeout, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            await _stopping.CancelAsync().ConfigureAwait(false);
            await _sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _waiting.Writer.TryComplete();
        _stopping.Cancel();
        _client.Dispose();
        _stopping.Dispose();
    }

    private async Task SendAllAsync()
    {
        await foreach (EngineAlert alert in _waiting.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
        {
            (WebhookOutcome outcome, string problem) = _stopping.IsCancellationRequested ? (WebhookOutcome.Dropped, "the host stops") : await SendAsync(alert).ConfigureAwait(false);
            _count(outcome);
            if (outcome != WebhookOutcome.Delivered)
            {
                HostingLog.AlertNotSent(_logger, _engine, alert.Kind, _address.Host, outcome, problem);
            }
        }
    }

    private async Task<(WebhookOutcome Outcome, string Problem)> SendAsync(EngineAlert alert)
    {
        byte[] body = AlertMessage.BodyOf(alert, _engine);
        string problem = "";
        TimeSpan delay = _options.RetryDelay;
        try
        {
            for (int attempt = 1; attempt <= _options.Attempts; attempt++)
            {
                (WebhookOutcome? outcome, problem) = await TryOnceAsync(alert, body).ConfigureAwait(false);
                if (outcome is { } final)
                {
                    return (final, problem);
                }

                if (attempt < _options.Attempts)
                {
                    await Task.Delay(delay, _time, _stopping.Token).ConfigureAwait(false);
                    delay = TimeSpan.FromTicks(Math.Min(2 * delay.Ticks, LongestDelay.Ticks));
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            return (WebhookOutcome.Dropped, "the host stops");
        }

        return (WebhookOutcome.GivenUp, problem);
    }

    /// <summary>Null when another attempt may do better.</summary>
    private async Task<(WebhookOutcome? Outcome, string Problem)> TryOnceAsync(EngineAlert alert, byte[] body)
    {
        using HttpRequestMessage request = RequestOf(alert, body);
        using var timeout = new CancellationTokenSource(_options.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _stopping.Token);
        try
        {
            using HttpResponseMessage answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            return OutcomeOf(answer.StatusCode);
        }
        catch (OperationCanceledException) when (!_stopping.IsCancellationRequested)
        {
            return (null, "no answer in time");
        }
        catch (HttpRequestException failed)
        {
            return (null, failed.HttpRequestError.ToString()); // Its message may hold the address.
        }
    }

    private static (WebhookOutcome? Outcome, string Problem) OutcomeOf(HttpStatusCode status) => (int)status switch
    {
        >= 200 and < 300 => (WebhookOutcome.Delivered, ""),
        408 or 429 or >= 500 => (null, string.Create(CultureInfo.InvariantCulture, $"status {(int)status}")),
        _ => (WebhookOutcome.Refused, string.Create(CultureInfo.InvariantCulture, $"status {(int)status}")),
    };

    private HttpRequestMessage RequestOf(EngineAlert alert, byte[] body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, _address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(AlertMessage.ContentType);
        string id = alert.IdFor(_engine);
        long now = _time.GetUtcNow().ToUnixTimeSeconds();
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", now.ToString(CultureInfo.InvariantCulture));
        if (_options.Secret is { } secret)
        {
            request.Headers.Add("webhook-signature", AlertMessage.Sign(secret, id, now, body));
        }

        return request;
    }
}
