using System.Buffers;
using Microsoft.AspNetCore.Http;
using PricingCore.AspNetCore.Bodies;
using PricingCore.AspNetCore.Problems;
using PricingCore.Events;
using PricingCore.Events.Json;
using EventProblem = PricingCore.Events.Json.Problem;
using Problem = PricingCore.AspNetCore.Problems.Problem;

namespace PricingCore.AspNetCore.Events;

/// <summary><c>POST /api/v1/events</c>: one event, an array, lines, or CloudEvents. Answers when what was taken is in the features, and on disk if that is promised.</summary>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class EventsEndpoint(PricingEndpointOptions options, EngineSource engines)
{
    private const int MostListed = 1_000;
    private const string Legal = $"{MediaTypes.Json}, {MediaTypes.JsonLines}, {MediaTypes.CloudEvent} or {MediaTypes.CloudEventBatch}";

    private readonly EventParsers _parsers = new(options);

    /// <summary>Takes the events of a request.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        if (engines.Find(context) is not { } engine)
        {
            await ProblemWriter.WriteAsync(context, RefusalProblems.Of(Quotes.QuoteRefusal.Stopped)).ConfigureAwait(false);
            return;
        }

        Problem problem;
        try
        {
            problem = await TakeAsync(context, engine).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return; // The client has gone. What was published stays so; it may send it again with the same idempotency keys.
        }

        if (!problem.IsNone)
        {
            await ProblemWriter.WriteAsync(context, problem).ConfigureAwait(false);
        }
    }

    private Task<Problem> TakeAsync(HttpContext context, PricingEngine engine)
    {
        string mediaType = MediaTypes.Of(context.Request);
        return mediaType switch
        {
            MediaTypes.JsonLines or "application/jsonl" or "application/jsonlines" => TakeLinesAsync(context, engine),
            MediaTypes.Json => TakeWholeAsync(context, engine, isCloud: false),
            MediaTypes.CloudEvent or MediaTypes.CloudEventBatch => TakeWholeAsync(context, engine, isCloud: true),
            _ => Task.FromResult(MediaTypes.NotJson(Legal)),
        };
    }

    private async Task<Problem> TakeLinesAsync(HttpContext context, PricingEngine engine)
    {
        if (context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null; // The body is never held, and events are limited by their users, regions and rings.
        }

        var results = new EventResults(listsAccepted: false, MostListed);
        JsonEventParser parser = _parsers.Rent();
        Problem problem = await new EventLines(options, engine, parser, results).ReadAsync(context).ConfigureAwait(false);
        _parsers.Return(parser);
        return problem.IsNone ? Answer(context, results) : problem;
    }

    private async Task<Problem> TakeWholeAsync(HttpContext context, PricingEngine engine, bool isCloud)
    {
        (ReadOnlySequence<byte> body, Problem problem) = await BodyReader.ReadAsync(context, options.MaxBatchBytes).ConfigureAwait(false);
        if (!problem.IsNone)
        {
            return problem;
        }

        var results = new EventResults(listsAccepted: true, options.MaxBatchEvents);
        List<EventChunk>? chunks = Read(body, isCloud, results, out problem);
        context.Request.BodyReader.AdvanceTo(body.End);
        if (chunks is null)
        {
            return problem;
        }

        Task[] published = [.. chunks.Select(chunk => chunk.PublishAsync(engine))];
        await Task.WhenAll(published).WaitAsync(context.RequestAborted).ConfigureAwait(false);
        foreach (EventChunk chunk in chunks)
        {
            results.Add(chunk);
            EventChunk.Return(chunk);
        }

        return Answer(context, results);
    }

    private List<EventChunk>? Read(in ReadOnlySequence<byte> body, bool isCloud, EventResults results, out Problem problem)
    {
        int length = (int)body.Length;
        byte[] copy = ArrayPool<byte>.Shared.Rent(length);
        body.CopyTo(copy);
        ReadOnlySpan<byte> json = copy.AsSpan(0, length);
        List<EventChunk>? chunks = null;
        if (EventArray.TryFind(json, options, out List<Range> items, out problem))
        {
            chunks = [];
            JsonEventParser parser = _parsers.Rent();
            for (int i = 0; i < items.Count; i++)
            {
                Take(json[items[i]], i, isCloud, parser, chunks, results);
            }

            _parsers.Return(parser);
        }

        ArrayPool<byte>.Shared.Return(copy);
        return chunks;
    }

    private static void Take(ReadOnlySpan<byte> item, int index, bool isCloud, JsonEventParser parser, List<EventChunk> chunks, EventResults results)
    {
        EventProblem problem;
        bool isRead = isCloud
            ? CloudEventReader.TryRead(item, parser, out MarketEvent marketEvent, out problem)
            : parser.TryParse(item, out marketEvent, out _, out problem);
        if (!isRead)
        {
            results.Add(index, problem);
            return;
        }

        if (chunks is [] || chunks[^1].IsFull)
        {
            chunks.Add(EventChunk.Rent());
        }

        chunks[^1].Add(marketEvent, index);
    }

    private static Problem Answer(HttpContext context, EventResults results)
    {
        if (results.IsNoneTaken)
        {
            return results.ToProblem();
        }

        JsonAnswer.Write(context, results.ToJson().Span, results.AreAllTaken ? StatusCodes.Status202Accepted : StatusCodes.Status207MultiStatus);
        return default;
    }
}
