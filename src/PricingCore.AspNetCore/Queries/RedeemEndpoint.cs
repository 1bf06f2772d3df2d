using System.Text.Json;
using Microsoft.AspNetCore.Http;
using PricingCore.AspNetCore.Bodies;
using PricingCore.AspNetCore.Problems;
using PricingCore.Events;
using PricingCore.Quotes;
using PricingCore.Tokens;

namespace PricingCore.AspNetCore.Queries;

/// <summary><c>POST /api/v1/quotes/redeem</c>: a signed quote is charged once. The same redemption id gets the same answer again.</summary>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class RedeemEndpoint(PricingEndpointOptions options, EngineSource engines)
{
    private const string LegalToken = "a quote_token that compute gave";
    private const string LegalId = "who redeems, for example a booking id: 1 to 128 characters without blanks at its ends";
    private const string LegalName = "a text of 1 to 64 characters";

    private static readonly string[] Fields = ["quote_token", "redemption_id", "region_id", "product_type"];

    /// <summary>Answers a request.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        Problem problem = await AnswerAsync(context).ConfigureAwait(false);
        if (!problem.IsNone)
        {
            await ProblemWriter.WriteAsync(context, problem).ConfigureAwait(false);
        }
    }

    private async Task<Problem> AnswerAsync(HttpContext context)
    {
        (JsonDocument? read, Problem problem) = await FieldReader.ReadAsync(context, options, Fields).ConfigureAwait(false);
        using JsonDocument? body = read;
        if (body is null
            || !FieldReader.TryGetText(body.RootElement, "quote_token", LegalToken, isRequired: true, out string? token, out problem)
            || !FieldReader.TryGetText(body.RootElement, "redemption_id", LegalId, isRequired: true, out string? redemptionId, out problem)
            || !FieldReader.TryGetText(body.RootElement, "region_id", LegalName, isRequired: false, out string? region, out problem)
            || !FieldReader.TryGetText(body.RootElement, "product_type", LegalName, isRequired: false, out string? product, out problem))
        {
            return problem;
        }

        if (!EventGate.IsText(redemptionId, EventGate.MaxIdLength))
        {
            return new Problem(ProblemType.OutOfRange, "redemption_id is blank, too long, or has blanks at its ends.", "redemption_id", LegalId);
        }

        if (engines.Find(context) is not { } engine)
        {
            return RefusalProblems.Of(QuoteRefusal.Stopped);
        }

        if (!engine.SignsQuotes)
        {
            return new Problem(ProblemType.NotConfigured, "Quotes are not signed here: set PricingOptions.Signing.");
        }

        var expected = new QuoteExpectation { RegionId = region, ProductType = product };
        Redemption redemption = await engine.RedeemAsync(token!, redemptionId!, expected, context.RequestAborted).ConfigureAwait(false);
        if (!redemption.IsOwned)
        {
            return ProblemOf(redemption.Outcome);
        }

        Write(context, redemption);
        return default;
    }

    private static void Write(HttpContext context, Redemption redemption) => JsonText.Answer(context, json =>
    {
        SignedQuote quote = redemption.Quote;
        json.WriteString("outcome", JsonText.Word(redemption.Outcome));
        JsonText.WriteTime(json, "redeemed_at", redemption.RedeemedAt);
        json.WriteString("region_id", quote.RegionId);
        json.WriteString("product_type", quote.ProductType);
        JsonText.WriteAmount(json, "price", quote.Price);
        json.WriteString("currency", quote.Price.Currency.Code);
        JsonText.WriteTime(json, "issued_at", quote.IssuedAt);
        JsonText.WriteTime(json, "valid_until", quote.ValidUntil);
        json.WriteString("decision_id", quote.DecisionId.ToString());
        json.WriteString("request_id", quote.RequestId);
    });

    private static Problem ProblemOf(RedemptionOutcome outcome) => outcome switch
    {
        RedemptionOutcome.RedeemedByAnother => new Problem(ProblemType.NotRedeemable, "Another redemption id has redeemed it: do not charge.", "redemption_id", "the id that redeemed it"),
        RedemptionOutcome.Expired => new Problem(ProblemType.NotRedeemable, "It no longer holds.", "quote_token", "a quote before its valid_until"),
        RedemptionOutcome.NotYetValid => new Problem(ProblemType.NotRedeemable, "It was issued later than now: the clocks differ.", "quote_token", LegalToken),
        RedemptionOutcome.OtherProduct => new Problem(ProblemType.NotRedeemable, "It is for another region or product than was expected.", "region_id", "what the quote is for"),
        RedemptionOutcome.Tampered => new Problem(ProblemType.OutOfRange, "It was altered, or made without the key that it names.", "quote_token", LegalToken),
        RedemptionOutcome.UnknownKey => new Problem(ProblemType.OutOfRange, "It names a key that is not known, or that has ended.", "quote_token", LegalToken),
        RedemptionOutcome.Malformed => new Problem(ProblemType.OutOfRange, "It is not a token.", "quote_token", LegalToken),
        RedemptionOutcome.TooManyRedemptions => new Problem(ProblemType.Busy, "As many redemptions are remembered as may be."),
        RedemptionOutcome.Busy => RefusalProblems.Of(QuoteRefusal.Busy),
        _ => RefusalProblems.Of(QuoteRefusal.Stopped),
    };
}
