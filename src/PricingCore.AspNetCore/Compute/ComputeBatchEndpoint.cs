using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using PricingCore.AspNetCore.Bodies;
using PricingCore.AspNetCore.Problems;

namespace PricingCore.AspNetCore.Compute;

/// <summary><c>POST /api/v1/pricing/compute/batch</c>: many prices in one call. A request that is wrong has its own problem, and the others have their prices.</summary>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class ComputeBatchEndpoint(PricingEndpointOptions options, EngineSource engines, ComputeReader reader, ComputeDesk desk, DecisionTexts texts)
{
    private const string Legal = "{\"requests\": [{\"region_id\": \"...\"}]}";

    private readonly JsonReaderOptions _format = new() { MaxDepth = options.MaxDepth };
    private readonly TimeProvider _time = options.TimeProvider;

    /// <summary>Answers a batch.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        long started = _time.GetTimestamp();
        if (!MediaTypes.IsJson(context.Request))
        {
            await ProblemWriter.WriteAsync(context, MediaTypes.NotJson()).ConfigureAwait(false);
            return;
        }

        (ReadOnlySequence<byte> body, Problem problem) = await BodyReader.ReadAsync(context, options.MaxBatchBytes).ConfigureAwait(false);
        if (!problem.IsNone)
        {
            await ProblemWriter.WriteAsync(context, problem).ConfigureAwait(false);
            return;
        }

        int length = (int)body.Length;
        byte[] json = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            body.CopyTo(json);
            context.Request.BodyReader.AdvanceTo(body.End);
            await HandleAsync(context, json.AsMemory(0, length), started).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(json);
        }
    }

    private async Task HandleAsync(HttpContext context, ReadOnlyMemory<byte> json, long started)
    {
        Problem problem;
        if (engines.Find(context) is not { } engine)
        {
            problem = RefusalProblems.Of(Quotes.QuoteRefusal.Stopped);
        }
        else if (TryFindItems(json.Span, out List<Range> items, out problem))
        {
            BatchItem[] answers = Ask(context, engine, json.Span, items);
            foreach (BatchItem item in answers)
            {
                // One after the other: all of them were asked for before.
                item.Outcome = item.Asking is null ? item.Outcome : await item.Asking.ConfigureAwait(false);
            }

            await WriteAsync(context, json.Span, answers, started).ConfigureAwait(false);
            return;
        }

        await ProblemWriter.WriteAsync(context, problem).ConfigureAwait(false);
    }

    private BatchItem[] Ask(HttpContext context, PricingEngine engine, ReadOnlySpan<byte> json, List<Range> items)
    {
        var asked = new BatchItem[items.Count];
        string? trace = Tracing.IdOf(context);
        for (int i = 0; i < asked.Length; i++)
        {
            (int start, int length) = items[i].GetOffsetAndLength(json.Length);
            var outcome = new ComputeOutcome();
            Task<ComputeOutcome>? asking = null;
            if (reader.TryRead(json.Slice(start, length), start, out ComputeRequest request, out Problem problem))
            {
                asking = desk.Ask(engine, request, json, new ComputeCall(null, trace), context, out outcome);
            }
            else
            {
                outcome = new ComputeOutcome(default, problem with { Field = At(i, problem.Field) });
            }

            asked[i] = new BatchItem { Id = request.RequestId, Asking = asking, Outcome = outcome };
        }

        return asked;
    }

    private Task WriteAsync(HttpContext context, ReadOnlySpan<byte> json, BatchItem[] items, long started)
    {
        string? trace = Tracing.IdOf(context);
        Span<byte> made = stackalloc byte[Tracing.IdLength];
        var problems = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(problems, new JsonWriterOptions { SkipValidation = true });
        AnswerText text = AnswerText.Begin();
        text.AddRaw("{\"results\":["u8);
        for (int i = 0; i < items.Length; i++)
        {
            text.AddRaw(i == 0 ? ""u8 : ","u8);
            BatchItem item = items[i];
            scoped ReadOnlySpan<byte> id = item.Id.IsGiven ? item.Id.Raw(json) : default;
            if (item.Outcome.Problem.IsNone)
            {
                if (id.IsEmpty)
                {
                    Tracing.WriteNewId(made);
                    id = made;
                }

                text.Add(id, texts.Of(item.Outcome.Answer.Quote), item.Outcome.Answer, trace, _time.GetElapsedTime(started));
                continue;
            }

            problems.ResetWrittenCount();
            writer.Reset(problems);
            ProblemWriter.Write(writer, item.Outcome.Problem, id, trace);
            writer.Flush();
            text.AddRaw("{\"problem\":"u8);
            text.AddRaw(problems.WrittenSpan);
            text.AddRaw("}"u8);
        }

        text.AddRaw("]}"u8);
        return text.SendAsync(context);
    }

    private bool TryFindItems(ReadOnlySpan<byte> json, out List<Range> items, out Problem problem)
    {
        items = [];
        if (!Utf8.IsValid(json))
        {
            problem = new Problem(ProblemType.InvalidUtf8, "The body holds bytes that are not UTF-8.");
            return false;
        }

        try
        {
            var json8 = new Utf8JsonReader(json, _format);
            json8.Read();
            bool isWrapped = json8.TokenType == JsonTokenType.StartObject;
            if (isWrapped && !(json8.Read() && json8.TokenType == JsonTokenType.PropertyName && json8.ValueTextEquals("requests"u8) && json8.Read()))
            {
                problem = new Problem(ProblemType.MissingField, "The object must have the one field requests.", "requests", Legal);
                return false;
            }

            if (json8.TokenType != JsonTokenType.StartArray)
            {
                problem = new Problem(ProblemType.WrongType, "requests must be an array of objects.", "requests", Legal);
                return false;
            }

            if (!TryFindItems(ref json8, items, out problem))
            {
                return false;
            }

            if (isWrapped && json8.Read() && json8.TokenType != JsonTokenType.EndObject)
            {
                problem = new Problem(ProblemType.UnknownField, "The object must have no field but requests.", JsonFault.Excerpt(json8.ValueSpan), Legal);
                return false;
            }

            json8.Read(); // Refuses what follows.
            return true;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            problem = JsonFault.Of(fault, options.MaxDepth);
            return false;
        }
    }

    private bool TryFindItems(ref Utf8JsonReader json, List<Range> items, out Problem problem)
    {
        problem = default;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (items.Count == options.MaxBatchRequests)
            {
                problem = new Problem(
                    ProblemType.OutOfRange, "The batch has too many requests.", "requests",
                    string.Create(CultureInfo.InvariantCulture, $"at most {options.MaxBatchRequests:N0} requests"));
                return false;
            }

            int start = (int)json.TokenStartIndex;
            json.Skip();
            items.Add(start..(int)json.BytesConsumed);
        }

        if (items.Count == 0)
        {
            problem = new Problem(ProblemType.OutOfRange, "The batch has no request.", "requests", "at least one request");
        }

        return items.Count > 0;
    }

    private static string At(int index, string? field) =>
        string.Create(CultureInfo.InvariantCulture, $"requests[{index}]{(field is null ? "" : "." + field)}");

    private sealed class BatchItem
    {
        public IdInBody Id { get; init; }

        public Task<ComputeOutcome>? Asking { get; init; }

        public ComputeOutcome Outcome { get; set; }
    }
}
