using PricingCore.Money;
using PricingCore.Rules;
using PricingCore.Surge;

namespace PricingCore.AspNetCore.Streaming;

/// <summary>The latest price of each region and product, in the order in which they changed, so that any number of readers can each go on where they were.</summary>
/// <remarks>
/// A reader keeps a number and nothing else is kept for it: when it comes back it gets what has changed since, each region and product once, with its latest value. So a slow reader
/// misses what was in between and costs no memory. A price that is decided anew and stays the same is no change.
/// </remarks>
/// <threadsafety>Any thread; the loops write.</threadsafety>
internal sealed class PriceBoard(int capacity)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Region, string Product), LinkedListNode<PriceChange>> _latest = [];
    private readonly LinkedList<PriceChange> _inOrder = new();
    private long _last;

    /// <summary>The number of the latest change; 0 before the first.</summary>
    public long Last => Volatile.Read(ref _last);

    /// <summary>Takes in a decision.</summary>
    public void Write(SurgeDecision decision)
    {
        SurgeMultiplier multiplier = decision.Outcome.Multiplier;
        var price = new Amount(decision.RulePriceMinorUnits, decision.Rule.BasePrice.Currency);
        lock (_lock)
        {
            var key = (decision.RegionId, decision.ProductType);
            if (_latest.TryGetValue(key, out LinkedListNode<PriceChange>? node))
            {
                if (node.Value.Multiplier == multiplier && node.Value.Price == price)
                {
                    return;
                }

                _inOrder.Remove(node);
            }
            else
            {
                node = _latest.Count < capacity ? new LinkedListNode<PriceChange>(default) : TakeOldest();
                _latest[key] = node;
            }

            node.Value = new PriceChange(_last + 1, decision.RegionId, decision.ProductType, price, multiplier, decision.DecidedAt, decision.Id);
            _inOrder.AddLast(node);
            Volatile.Write(ref _last, _last + 1);
        }
    }

    /// <summary>Adds what has changed after a number, oldest first, and says up to which number that is.</summary>
    public long Read(long after, List<PriceChange> changes)
    {
        lock (_lock)
        {
            LinkedListNode<PriceChange>? node = _inOrder.Last;
            while (node is not null && node.Value.Number > after)
            {
                changes.Add(node.Value);
                node = node.Previous;
            }

            changes.Reverse();
            return _last;
        }
    }

    private LinkedListNode<PriceChange> TakeOldest()
    {
        LinkedListNode<PriceChange> oldest = _inOrder.First!;
        _inOrder.RemoveFirst();
        _latest.Remove((oldest.Value.RegionId, oldest.Value.ProductType));
        return oldest;
    }
}

/// <summary>A price that has changed.</summary>
/// <param name="Number">Which change of all it is, from 1 on.</param>
/// <param name="RegionId">The region.</param>
/// <param name="ProductType">The product.</param>
/// <param name="Price">The price of the rule's own base price.</param>
/// <param name="Multiplier">The multiplier.</param>
/// <param name="DecidedAt">When it was decided.</param>
/// <param name="DecisionId">By which decision.</param>
internal readonly record struct PriceChange(
    long Number, string RegionId, string ProductType, Amount Price, SurgeMultiplier Multiplier, DateTimeOffset DecidedAt, DecisionId DecisionId);
