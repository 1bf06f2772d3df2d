using PricingCore.Events;
using PricingCore.Surge;

namespace PricingCore;

/// <content>Hearing of decisions, for those who show prices rather than charge them.</content>
public sealed partial class PricingEngine
{
    /// <summary>Tells of every decision from now on, as it is made.</summary>
    /// <param name="observer">Called on the loops' threads, several at a time where there are several loops: it must be quick, and must neither wait nor throw.</param>
    /// <returns>Dispose it to hear no more; a call that is under way may still come.</returns>
    public IDisposable OnDecision(Action<SurgeDecision> observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        return _core.Outputs.Feed.Add(observer);
    }

    /// <summary>Sees to it that a region and product has a decision that holds, as a request for a quote would, without giving or recording a quote.</summary>
    internal void KeepDecided(string regionId, string productType)
    {
        long now = Now;
        int region = _core.Regions.Find(regionId);
        int product = _core.Products.Find(productType);
        if (region < 0 || product < 0 || _core.IsClosed)
        {
            return; // Whoever only watches adds no names.
        }

        SurgeDecision? decision = _core.ShardOf(region).Book.Read(region, product);
        bool holds = decision is not null && now < decision.HoldsUntilMicros;
        if (!holds || (now >= decision!.RenewAtMicros && decision.IsFirstToRenew()))
        {
            _core.Requests.Ask(region, product, now, holds ? AcceptedEventFlags.Afresh : AcceptedEventFlags.None);
        }
    }
}
