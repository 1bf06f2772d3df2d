using PricingCore.Events;
using PricingCore.Quotes;
using PricingCore.Surge;

namespace PricingCore;

/// <content>Many events, and many quotes, at a time.</content>
public sealed partial class PricingEngine
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(1);

    /// <summary>Publishes events in their order and waits until the last of them is in the features, and on disk where the journal is durable.</summary>
    /// <remarks>
    /// Much cheaper than one call for each: of the events without an idempotency key only the last of each loop is waited for, since what
    /// one thread publishes is handled in order.
    /// </remarks>
    /// <param name="events">What happened.</param>
    /// <param name="outcomes">Gets <see cref="Rejection.None"/>, or why not, for each event; as long as <paramref name="events"/>. Do not read it before the end.</param>
    /// <param name="cancellationToken">Stops waiting; the events may still be applied.</param>
    /// <exception cref="ArgumentException"><paramref name="outcomes"/> is not as long as <paramref name="events"/>.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask PublishAsync(ReadOnlyMemory<MarketEvent> events, Memory<Rejection> outcomes, CancellationToken cancellationToken = default)
    {
        if (outcomes.Length != events.Length)
        {
            throw new ArgumentException($"There are {events.Length} events, and room for {outcomes.Length} outcomes.", nameof(outcomes));
        }

        var batch = new EventBatch(_core);
        for (int i = 0; i < events.Length; i++)
        {
            if (!batch.TryAdd(events.Span[i], i, Now, outcomes.Span))
            {
                // Every place to wait in is taken, perhaps by this batch: let it finish before the engine is called busy.
                bool isAdded = false;
                for (int round = 0; round < 2 && !isAdded; round++) // One place may be wanted by what is held, and the next by this event.
                {
                    await batch.FinishAsync(outcomes, cancellationToken).ConfigureAwait(false);
                    isAdded = batch.TryAddLate(i);
                }

                if (!isAdded)
                {
                    batch.RefuseLate(i, outcomes.Span);
                }
            }
        }

        while (!batch.TryEnterHeld())
        {
            if (_core.IsClosed)
            {
                batch.Refuse(Rejection.Stopped, outcomes.Span);
                break;
            }

            await batch.FinishAsync(outcomes, cancellationToken).ConfigureAwait(false);
            await Task.Delay(RetryInterval, _options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }

        await batch.FinishAsync(outcomes, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The engine's clock, in microseconds since 1970, for <see cref="TryReadBook"/>.</summary>
    internal long ClockMicros => Now;

    /// <summary>Whether quotes without a request id need no place in the audit log, so that the book may be read without it.</summary>
    internal bool IsBookOpen => _core.Audit is not { Log: { } log } || !log.IsWanted(default);

    /// <summary>The number of a region that is known; negative when it is not. Numbers never change while the engine lives.</summary>
    internal int FindRegionNumber(string regionId) => _core.Regions.Find(regionId);

    /// <summary>The number of a product that is known; negative when it is not.</summary>
    internal int FindProductNumber(string productType) => _core.Products.Find(productType);

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
    internal async ValueTask<(QuoteRefusal Refusal, Quote Quote)> QuoteOrRefusalAsync(QuoteRequest request, CancellationToken cancellationToken)
    {
        long now = Now;
        if (!TryFind(request, now, out Quote quote))
        {
            int region = _core.FindRegion(request.RegionId);
            int product = _core.FindProduct(request.ProductType);
            if (_core.FindRefusal(request, region, product) is var refusal and not QuoteRefusal.None)
            {
                return (refusal, default);
            }

            DecisionAnswer answer = await _core.Requests.AskAsync(region, product, now, AcceptedEventFlags.None).WaitAsync(cancellationToken).ConfigureAwait(false);
            if (answer.Refusal != QuoteRefusal.None)
            {
                return (answer.Refusal, default);
            }

            quote = QuoteReader.Read(request, answer.Decision!, now + _quoteValidMicros, cached: !answer.IsFresh);
        }

        return _core.Audit?.TryRecord(quote, now) != false ? (QuoteRefusal.None, quote) : (QuoteRefusal.AuditBusy, default);
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
}
