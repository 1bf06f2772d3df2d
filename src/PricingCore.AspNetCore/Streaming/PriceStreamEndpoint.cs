using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PricingCore.AspNetCore.Bodies;
using PricingCore.AspNetCore.Diagnostics;
using PricingCore.AspNetCore.Problems;
using PricingCore.Events;
using PricingCore.Quotes;

namespace PricingCore.AspNetCore.Streaming;

/// <summary><c>GET /api/v1/prices/stream</c>: changes of prices as server-sent events.</summary>
/// <remarks>
/// Each event has an id; a client that comes back with it as <c>Last-Event-ID</c> gets what has changed since. What a stream holds is bounded: see <see cref="PriceBoard"/>.
/// </remarks>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class PriceStreamEndpoint(PricingEndpointOptions options, EngineSource engines) : IDisposable
{
    private static readonly TimeSpan AskInterval = TimeSpan.FromSeconds(1);

    // Of this life of the process: numbers of another mean nothing, and everything is sent.
    private readonly string _life = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(4));
    private readonly PriceBoard _board = new(options.MaxStreamPrices);
    private readonly TimeProvider _time = options.TimeProvider;
    private readonly Lock _listening = new();
    private IDisposable? _subscription;
    private int _open;

    /// <summary>Answers a request, for as long as the client listens.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        Problem problem = default;
        if (engines.Find(context) is not { IsRunning: true } engine)
        {
            problem = RefusalProblems.Of(QuoteRefusal.Stopped);
        }
        else if (TryReadFilter(context, out PriceFilter filter, out problem))
        {
            if (Interlocked.Increment(ref _open) <= options.MaxStreams)
            {
                await SendGuardedAsync(context, engine, filter).ConfigureAwait(false);
            }
            else
            {
                problem = new Problem(ProblemType.TooManyStreams, "As many streams are open as may be.", Legal: string.Create(CultureInfo.InvariantCulture, $"at most {options.MaxStreams} at a time"));
            }

            Interlocked.Decrement(ref _open);
        }

        if (!problem.IsNone)
        {
            await ProblemWriter.WriteAsync(context, problem).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _subscription?.Dispose();

    private async Task SendGuardedAsync(HttpContext context, PricingEngine engine, PriceFilter filter)
    {
        Listen(engine);
        ServiceMeters.CountStream(1);
        try
        {
            await SendAsync(context, engine, filter).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The client has gone.
        }
        finally
        {
            ServiceMeters.CountStream(-1);
        }
    }

    private void Listen(PricingEngine engine)
    {
        lock (_listening)
        {
            _subscription ??= engine.OnDecision(_board.Write);
        }
    }

    private async Task SendAsync(HttpContext context, PricingEngine engine, PriceFilter filter)
    {
        HttpResponse response = context.Response;
        CancellationToken stopping = context.RequestServices.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? default;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping); // Else a host would wait for its streams when it stops.
        CancellationToken aborted = ending.Token;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no"; // Proxies must not hold it back.
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        Tracing.SetHeaders(context);
        long sent = NumberOf(context.Request.Headers["Last-Event-ID"]);
        var changes = new List<PriceChange>();
        var text = new ArrayBufferWriter<byte>(4_096);
        using var json = new Utf8JsonWriter(text);
        text.Write("retry: 1000\n\n"u8);
        long spoken = _time.GetTimestamp();
        long asked = 0;
        while (!aborted.IsCancellationRequested && engine.IsRunning)
        {
            if (asked == 0 || _time.GetElapsedTime(asked) >= AskInterval)
            {
                filter.KeepDecided(engine);
                asked = _time.GetTimestamp();
            }

            changes.Clear();
            long upTo = _board.Last == sent ? sent : _board.Read(sent, changes);
            foreach (PriceChange change in changes.Where(filter.Takes))
            {
                Write(text, json, change);
            }

            sent = upTo;
            if (text.WrittenCount == 0 && _time.GetElapsedTime(spoken) >= options.StreamHeartbeat)
            {
                text.Write(": still here\n\n"u8);
            }

            if (text.WrittenCount > 0)
            {
                // Waits while the client does not read; meanwhile the board goes on, and only the latest is sent afterwards.
                await response.BodyWriter.WriteAsync(text.WrittenMemory, aborted).ConfigureAwait(false);
                text.ResetWrittenCount();
                spoken = _time.GetTimestamp();
            }

            await Task.Delay(options.StreamInterval, _time, aborted).ConfigureAwait(false);
        }
    }

    private void Write(ArrayBufferWriter<byte> text, Utf8JsonWriter json, in PriceChange change)
    {
        text.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"id: {_life}-{change.Number}\nevent: price\ndata: ")));
        json.Reset(text);
        json.WriteStartObject();
        json.WriteString("region_id", change.RegionId);
        json.WriteString("product_type", change.ProductType);
        JsonText.WriteAmount(json, "price", change.Price);
        json.WriteString("currency", change.Price.Currency.Code);
        QuoteJson.WriteSteps(json, "surge_multiplier"u8, change.Multiplier.Steps);
        JsonText.WriteTime(json, "decided_at", change.DecidedAt);
        json.WriteString("decision_id", change.DecisionId.ToString());
        json.WriteEndObject();
        json.Flush();
        text.Write("\n\n"u8);
    }

    private long NumberOf(string? lastEventId) =>
        lastEventId is not null && lastEventId.StartsWith(_life + "-", StringComparison.Ordinal)
        && long.TryParse(lastEventId.AsSpan(_life.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number <= _board.Last
            ? number
            : 0;

    private bool TryReadFilter(HttpContext context, out PriceFilter filter, out Problem problem)
    {
        filter = PriceFilter.Everything;
        problem = default;
        string product = context.Request.Query["product_type"] is [{ Length: > 0 } only] ? only : QuoteRequest.StandardProduct;
        string[] regions = [.. context.Request.Query["region_id"].SelectMany(list => (list ?? "").Split(',')).Distinct()];
        if (regions.Length > options.MaxStreamRegions || regions.Any(region => !EventGate.IsText(region, EventGate.MaxNameLength)) || !EventGate.IsText(product, EventGate.MaxNameLength))
        {
            problem = new Problem(
                ProblemType.InvalidParameter, "A region or product is blank or too long, or there are too many regions.", "region_id",
                string.Create(CultureInfo.InvariantCulture, $"at most {options.MaxStreamRegions} region ids, joined by commas; none for all"));
            return false;
        }

        filter = regions.Length == 0 ? PriceFilter.Everything : new PriceFilter(regions, product);
        return true;
    }
}
