using System.Buffers;
using Microsoft.AspNetCore.Http;
using PricingCore.AspNetCore.Bodies;
using PricingCore.AspNetCore.Problems;

namespace PricingCore.AspNetCore.Compute;

/// <summary><c>POST /api/v1/pricing/compute</c>: one price. The hot path: parsed where the bytes are, answered without a task or an object when the book has the decision.</summary>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class ComputeEndpoint(PricingEndpointOptions options, EngineSource engines, ComputeReader reader, ComputeDesk desk, DecisionTexts texts)
{
    private readonly int _maxBytes = options.MaxRequestBytes;
    private readonly TimeProvider _time = options.TimeProvider;

    /// <summary>Answers a request.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        long started = _time.GetTimestamp();
        HttpRequest request = context.Request;
        if (!MediaTypes.IsJson(request))
        {
            return ProblemWriter.WriteAsync(context, MediaTypes.NotJson());
        }

        if (BodyReader.IsTooLarge(request, _maxBytes))
        {
            return ProblemWriter.WriteAsync(context, BodyReader.TooLarge(_maxBytes));
        }

        return BodyReader.TryRead(request, _maxBytes, out ReadOnlySequence<byte> body) ? Handle(context, body, started) : ReadAndHandleAsync(context, started);
    }

    private async Task ReadAndHandleAsync(HttpContext context, long started)
    {
        (ReadOnlySequence<byte> body, Problem problem) = await BodyReader.ReadAsync(context, _maxBytes).ConfigureAwait(false);
        await (problem.IsNone ? Handle(context, body, started) : ProblemWriter.WriteAsync(context, problem)).ConfigureAwait(false);
    }

    /// <summary>Handles a body, and takes it out of the pipe.</summary>
    private Task Handle(HttpContext context, in ReadOnlySequence<byte> body, long started)
    {
        byte[]? copy = null;
        ReadOnlySpan<byte> json;
        if (body.IsSingleSegment)
        {
            json = body.FirstSpan;
        }
        else
        {
            copy = ArrayPool<byte>.Shared.Rent((int)body.Length);
            body.CopyTo(copy);
            json = copy.AsSpan(0, (int)body.Length);
        }

        Task handled = Handle(context, json, started);
        context.Request.BodyReader.AdvanceTo(body.End);
        if (copy is not null)
        {
            ArrayPool<byte>.Shared.Return(copy);
        }

        return handled;
    }

    private Task Handle(HttpContext context, ReadOnlySpan<byte> json, long started)
    {
        if (engines.Find(context) is not { } engine)
        {
            return ProblemWriter.WriteAsync(context, RefusalProblems.Of(Quotes.QuoteRefusal.Stopped));
        }

        if (!reader.TryRead(json, start: 0, out ComputeRequest request, out Problem problem))
        {
            return ProblemWriter.WriteAsync(context, problem, IdOf(request, json));
        }

        string? traceId = Tracing.IdOf(context);
        var call = new ComputeCall(request.RequestId.IsGiven ? null : Tracing.RequestIdOf(context), traceId);
        if (!request.RequestId.IsGiven && call.RequestId is null && engine.RecordsQuotes)
        {
            call = call with { RequestId = NewId(), IsIdMadeUp = true }; // The audit log can then be asked for it.
        }

        Task<ComputeOutcome>? asking = desk.Ask(engine, request, json, call, context, out ComputeOutcome outcome);
        return asking is null && outcome.Problem.IsNone
            ? Write(context, request.RequestId.IsGiven ? request.RequestId.Raw(json) : default, call.RequestId, outcome.Answer, traceId, started)
            : WriteAsync(context, asking ?? Task.FromResult(outcome), IdOf(request, json), call.RequestId, traceId, started);
    }

    private async Task WriteAsync(HttpContext context, Task<ComputeOutcome> asking, byte[] idInBody, string? requestId, string? traceId, long started)
    {
        ComputeOutcome outcome = await asking.ConfigureAwait(false);
        byte[] id = idInBody.Length > 0 || requestId is null ? idInBody : System.Text.Encoding.ASCII.GetBytes(requestId);
        await (outcome.Problem.IsNone
            ? Write(context, idInBody, requestId, outcome.Answer, traceId, started)
            : ProblemWriter.WriteAsync(context, outcome.Problem, id)).ConfigureAwait(false);
    }

    private Task Write(HttpContext context, scoped ReadOnlySpan<byte> idInBody, string? requestId, in PricedAnswer answer, string? traceId, long started)
    {
        Span<byte> made = stackalloc byte[128]; // Ids of headers are as long at most, and ASCII.
        if (idInBody.IsEmpty)
        {
            int length = Tracing.IdLength;
            if (requestId is null)
            {
                Tracing.WriteNewId(made);
            }
            else
            {
                length = System.Text.Encoding.ASCII.GetBytes(requestId, made);
            }

            idInBody = made[..length];
        }

        AnswerText text = AnswerText.Begin();
        text.Add(idInBody, texts.Of(answer.Quote), answer, traceId, _time.GetElapsedTime(started));
        return text.SendAsync(context);
    }

    private static byte[] IdOf(in ComputeRequest request, ReadOnlySpan<byte> json) => request.RequestId.IsGiven ? request.RequestId.Raw(json).ToArray() : [];

    private static string NewId()
    {
        Span<byte> id = stackalloc byte[Tracing.IdLength];
        Tracing.WriteNewId(id);
        return System.Text.Encoding.ASCII.GetString(id);
    }
}
