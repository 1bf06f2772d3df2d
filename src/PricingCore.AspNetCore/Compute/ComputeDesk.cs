using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features.Authentication;
using PricingCore.AspNetCore.Problems;
using PricingCore.AspNetCore.Security;
using PricingCore.Money;
using PricingCore.Numerics;
using PricingCore.Quotes;
using PricingCore.Tokens;

namespace PricingCore.AspNetCore.Compute;

/// <summary>Answers requests for prices that have been read: the same answer for the same request, else a quote of the engine.</summary>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class ComputeDesk(PricingEndpointOptions options)
{
    private static readonly Problem Reused = new(
        ProblemType.RequestIdReused, "A request with this id asked for something else a moment ago.", "request_id", "a new id for each new request");

    private readonly RememberedRequests _remembered = new(options.RememberedRequests);
    private readonly TimeProvider _time = options.TimeProvider;

    /// <summary>Answers a request, or begins to.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="request">The request.</param>
    /// <param name="body">What it was read from.</param>
    /// <param name="call">The ids that headers say.</param>
    /// <param name="context">The call, which may be aborted.</param>
    /// <param name="outcome">What came of it.</param>
    /// <returns>Null when the outcome is there, as it is when the book has a decision; else the wait for it.</returns>
    public Task<ComputeOutcome>? Ask(
        PricingEngine engine, in ComputeRequest request, ReadOnlySpan<byte> body, in ComputeCall call, HttpContext context, out ComputeOutcome outcome)
    {
        outcome = default;
        RequestMark mark = default;
        if (request.RequestId.IsGiven || call is { RequestId: not null, IsIdMadeUp: false })
        {
            mark = MarkOf(request, body, call, context);
            switch (_remembered.TryFind(mark.Key, mark.Content, mark.AskedAtMicros, out RememberedAnswer known))
            {
                case RememberedRequests.Finding.Answered:
                    outcome = new ComputeOutcome(known.For(WithTexts(engine, new QuoteRequest(request.RegionId, request.ProductType), request, body, call)), default);
                    return null;
                case RememberedRequests.Finding.OtherContent:
                    outcome = new ComputeOutcome(default, Reused);
                    return null;
                default:
                    break;
            }
        }

        if (!TryMake(engine, request, body, call, out QuoteRequest asked, out Currency currency, out Problem problem))
        {
            outcome = new ComputeOutcome(default, problem);
            return null;
        }

        ValueTask<(QuoteRefusal Refusal, Quote Quote)> quoting = engine.QuoteOrRefusalAsync(asked, CancellationToken.None);
        if (!quoting.IsCompletedSuccessfully)
        {
            return WaitAsync(engine, quoting.AsTask(), currency, mark, context.RequestAborted); // Asked for only here: it costs an object.
        }

        outcome = Finish(engine, quoting.Result, currency, mark);
        return null;
    }

    private async Task<ComputeOutcome> WaitAsync(
        PricingEngine engine, Task<(QuoteRefusal Refusal, Quote Quote)> quoting, Currency currency, RequestMark mark, CancellationToken aborted)
    {
        try
        {
            return Finish(engine, await quoting.WaitAsync(aborted).ConfigureAwait(false), currency, mark);
        }
        catch (OperationCanceledException)
        {
            return new ComputeOutcome(default, RefusalProblems.Of(QuoteRefusal.Stopped)); // The client has gone; nobody reads this.
        }
    }

    private ComputeOutcome Finish(PricingEngine engine, in (QuoteRefusal Refusal, Quote Quote) answered, Currency currency, in RequestMark mark)
    {
        if (answered.Refusal != QuoteRefusal.None)
        {
            return new ComputeOutcome(default, RefusalProblems.Of(answered.Refusal));
        }

        Quote quote = answered.Quote;
        if (currency != default && currency != quote.BasePrice.Currency)
        {
            // The rules changed in between, and the amount was made for the old ones' currency.
            return new ComputeOutcome(default, new Problem(ProblemType.Busy, "The rules changed while the price was computed."));
        }

        var answer = new RememberedAnswer(quote.Keep(), TryOffer(engine, quote));
        answer = mark.IsSet ? _remembered.Remember(mark.Key, mark.Content, answer, mark.AskedAtMicros) : answer;
        return new ComputeOutcome(answer.For(quote.Request), default);
    }

    private RequestMark MarkOf(in ComputeRequest request, ReadOnlySpan<byte> body, in ComputeCall call, HttpContext context)
    {
        // Of the gate, or of the host's own authentication; HttpContext.User would make a principal for everybody.
        string? caller = context.Features.Get<Caller>()?.Subject ?? context.Features.Get<IHttpAuthenticationFeature>()?.User?.Identity?.Name;
        RequestKey key = request.RequestId is { IsGiven: true, Unescaped: null }
            ? _remembered.KeyOf(request.RequestId.Raw(body), caller)
            : _remembered.KeyOf(System.Text.Encoding.UTF8.GetBytes(request.RequestId.Unescaped ?? call.RequestId!), caller);
        ReadOnlySpan<byte> user = request.UserId.IsGiven ? request.UserId.Raw(body) : default;
        return new RequestMark(IsSet: true, key, _remembered.ContentOf(request, user), UnixMicros.From(_time.GetUtcNow()));
    }

    private bool TryMake(
        PricingEngine engine, in ComputeRequest request, ReadOnlySpan<byte> body, in ComputeCall call, out QuoteRequest asked, out Currency currency, out Problem problem)
    {
        currency = default;
        problem = default;
        asked = new QuoteRequest(request.RegionId, request.ProductType);
        if (request.BasePrice is not null || request.Currency is not null)
        {
            if (!BasePrices.TryResolve(engine, request, _time.GetUtcNow(), out long? minorUnits, out currency, out problem))
            {
                return false;
            }

            asked = asked with { BaseMinorUnits = minorUnits };
        }

        asked = WithTexts(engine, asked, request, body, call);
        return true;
    }

    /// <summary>A request with the texts that the engine records and signs; without them where it does neither.</summary>
    private static QuoteRequest WithTexts(PricingEngine engine, in QuoteRequest asked, in ComputeRequest request, ReadOnlySpan<byte> body, in ComputeCall call) =>
        engine.RecordsQuotes || engine.SignsQuotes
            ? asked with
            {
                RequestId = request.RequestId.Text(body) ?? call.RequestId,
                UserId = request.UserId.Text(body),
                TraceId = call.TraceId,
            }
            : asked;

    private static QuoteOffer TryOffer(PricingEngine engine, in Quote quote)
    {
        try
        {
            return engine.SignsQuotes ? engine.Offer(quote) : default;
        }
        catch (InvalidOperationException)
        {
            return default; // No key signs now that outlives the quote: the price stands without a token.
        }
    }

    /// <summary>What a request is remembered by; the default value is one without an id.</summary>
    private readonly record struct RequestMark(bool IsSet, RequestKey Key, ulong Content, long AskedAtMicros);
}

/// <summary>What a call says besides its body.</summary>
/// <param name="RequestId">The request's id by its header, or one made up where quotes are recorded; null when there is none.</param>
/// <param name="TraceId">The trace; null when there is none.</param>
/// <param name="IsIdMadeUp">Whether the id is one that the client learns from the answer, and so cannot have sent before.</param>
internal readonly record struct ComputeCall(string? RequestId, string? TraceId, bool IsIdMadeUp = false);

/// <summary>An answer, or a problem.</summary>
internal readonly record struct ComputeOutcome(PricedAnswer Answer, Problem Problem);
