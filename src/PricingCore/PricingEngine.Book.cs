using System.Diagnostics;
using PricingCore.Diagnostics;
using PricingCore.Events;
using PricingCore.Quotes;
using PricingCore.Surge;

namespace PricingCore;

/// <content>Many quotes at a time.</content>
public sealed partial class PricingEngine
{
    /// <summary>The engine's clock, in microseconds since 1970, for <see cref="TryReadBook"/>.</summary>
    internal long ClockMicros => Now;

    /// <summary>Whether quotes without a request id need no place in the audit log, so that the book may be read without it.</summary>
    internal bool IsBookOpen => _core.Audit is not { Log: { } log } || !log.IsWanted(default);

    /// <summary>The number of a region that is known; negative when it is not. Numbers never change while the engine lives.</summary>
    internal int FindRegionNumber(string regionId) => _core.Regions.Find(regionId);

    /// <summary>The number of a product that is known; negative when it is not.</summary>
    internal int FindProductNumber(string productType) => _core.Products.Find(productType);

    /// <summary>The book where one loop writes all of it; null where several do.</summary>
    internal QuoteBook? OnlyBook => _core.Shards.Count == 1 && !_core.IsClosed ? _core.Shards.At(0).Book : null;

    /// <summary>Until when a quote of this moment holds, in microseconds since 1970.</summary>
    internal long ValidUntil(long now) => now + _quoteValidMicros;

    /// <summary>What <see cref="TryQuote"/> does, for names whose numbers are known and one look at the clock for many quotes.</summary>
    /// <param name="region">A number of <see cref="FindRegionNumber"/>, not negative.</param>
    /// <param name="product">A number of <see cref="FindProductNumber"/>, not negative.</param>
    /// <param name="baseMinorUnits">The request's base price; negative for the rule's.</param>
    /// <param name="now">The time of <see cref="ClockMicros"/>.</param>
    /// <param name="price">The price; default when there is none.</param>
    /// <returns><see langword="false"/> when the book has no decision that holds, the base price is not legal, or the engine has stopped.</returns>
    internal bool TryReadBook(int region, int product, long baseMinorUnits, long now, out BookPrice price)
    {
        SurgeDecision? decision = _core.ShardOf(region).Book.Read(region, product);
        if (decision is null || now >= decision.HoldsUntilMicros || baseMinorUnits > QuotePrice.MaxBaseMinorUnits || _core.IsClosed)
        {
            price = default;
            return false;
        }

        if (now >= decision.RenewAtMicros && decision.IsFirstToRenew())
        {
            _core.Requests.Ask(region, product, now, AcceptedEventFlags.Afresh);
        }

        long ruleBase = decision.Rule.BasePrice.MinorUnits;
        long requestBase = baseMinorUnits < 0 ? ruleBase : baseMinorUnits;
        price = new BookPrice(
            decision,
            requestBase,
            requestBase == ruleBase ? decision.RulePriceMinorUnits : QuotePrice.Of(decision.Rule, requestBase, decision.Outcome.Multiplier),
            now + _quoteValidMicros);
        return true;
    }

    /// <summary>What <see cref="QuoteAsync"/> does, with a refusal as a value: one from a network must not cost an exception.</summary>
    internal ValueTask<(QuoteRefusal Refusal, Quote Quote)> QuoteOrRefusalAsync(QuoteRequest request, CancellationToken cancellationToken)
    {
        long now = Now;
        return TryFind(request, now, out Quote quote)
            ? ValueTask.FromResult(RecordedOrRefused(quote, now))
            : DecideOrRefuseAsync(request, now, cancellationToken);
    }

    /// <summary>Asks for a decision that the book does not have, and waits for nothing.</summary>
    /// <returns>Why it cannot be asked for.</returns>
    internal QuoteRefusal AskFor(string regionId, string productType)
    {
        var request = new QuoteRequest(regionId, productType);
        int region = _core.FindRegion(regionId);
        int product = _core.FindProduct(productType);
        QuoteRefusal refusal = _core.FindRefusal(request, region, product);
        if (refusal == QuoteRefusal.None)
        {
            _core.Requests.Ask(region, product, Now, AcceptedEventFlags.None);
        }

        return refusal;
    }

    /// <summary>Asks the loop for the decision that the book does not have.</summary>
    private async ValueTask<(QuoteRefusal Refusal, Quote Quote)> DecideOrRefuseAsync(QuoteRequest request, long now, CancellationToken cancellationToken)
    {
        int region = _core.FindRegion(request.RegionId);
        int product = _core.FindProduct(request.ProductType);
        if (_core.FindRefusal(request, region, product) is var refusal and not QuoteRefusal.None)
        {
            return (refusal, default);
        }

        long begin = _options.TimeProvider.GetTimestamp();
        using Activity? activity = PricingActivities.StartDecision(request.RegionId, request.ProductType);
        DecisionAnswer answer = await _core.Requests.AskAsync(region, product, now, AcceptedEventFlags.None).WaitAsync(cancellationToken).ConfigureAwait(false);
        PricingMeters.DecisionWaitSeconds.Record(_options.TimeProvider.GetElapsedTime(begin).TotalSeconds);
        if (answer.Refusal != QuoteRefusal.None)
        {
            return (answer.Refusal, default);
        }

        activity?.SetTag("pricing.decision", answer.Decision!.Id.ToString());
        return RecordedOrRefused(QuoteReader.Read(request, answer.Decision!, now + _quoteValidMicros, cached: !answer.IsFresh), now);
    }

    private (QuoteRefusal Refusal, Quote Quote) RecordedOrRefused(in Quote quote, long now) =>
        _core.Audit?.TryRecord(quote, now) != false ? (QuoteRefusal.None, quote) : (QuoteRefusal.AuditBusy, default);
}
