using PricingCore.Events;

namespace PricingCore;

/// <summary>Events that one caller publishes together, and waits for together.</summary>
/// <remarks>
/// The newest event of a loop is held back until another comes: whatever is held at the end is entered with a receipt, and since a loop
/// handles what one thread publishes in order, its answer stands for all before it. An event with an idempotency key, or one that several
/// loops must know of, has a receipt of its own: only its loop knows whether it is a duplicate.
/// </remarks>
/// <threadsafety>One thread at a time.</threadsafety>
internal sealed class EventBatch(EngineCore core)
{
    private const int Nothing = -1;

    private readonly List<(int Index, Task<Rejection> Outcome)> _waiting = [];
    private readonly List<(int Index, int Shard)> _unconfirmed = [];
    private readonly (int Index, AcceptedEvent Event)[] _held = NothingHeld(core.Shards.Count);
    private AcceptedEvent _late;

    /// <summary>Checks an event and enters it, or holds it; what is refused is written to the outcomes.</summary>
    /// <returns><see langword="false"/> when all places to wait in are taken: wait, then call <see cref="TryAddLate"/>.</returns>
    public bool TryAdd(in MarketEvent marketEvent, int index, long now, Span<Rejection> outcomes)
    {
        outcomes[index] = core.Accept(marketEvent, now, out AcceptedEvent accepted);
        if (outcomes[index] != Rejection.None)
        {
            return true;
        }

        if ((accepted.Flags & AcceptedEventFlags.HasKey) != 0 || core.Shards.IsForSeveral(accepted))
        {
            _late = accepted;
            return TryEnterHeld() && TryWaitFor(accepted, index); // In this order, so that order is kept.
        }

        int shard = accepted.Region == AcceptedEvent.EveryRegion ? 0 : core.Regions.ShardOf(accepted.Region, core.Shards.Count);
        Release(shard, outcomes);
        _held[shard] = (index, accepted);
        return true;
    }

    /// <summary>Tries again to enter the event that <see cref="TryAdd"/> had no place for.</summary>
    public bool TryAddLate(int index) => TryEnterHeld() && TryWaitFor(_late, index);

    /// <summary>Refuses the event that <see cref="TryAdd"/> had no place for, as busy.</summary>
    public void RefuseLate(int index, Span<Rejection> outcomes) => outcomes[index] = core.Withdraw(_late);

    /// <summary>Enters what is held back, with receipts.</summary>
    /// <returns><see langword="false"/> when one found no room: wait for it, since those before it are acknowledged with it, and call this again.</returns>
    public bool TryEnterHeld()
    {
        for (int shard = 0; shard < _held.Length; shard++)
        {
            (int index, AcceptedEvent held) = _held[shard];
            if (index != Nothing)
            {
                if (!TryWaitFor(held, index))
                {
                    return false;
                }

                _held[shard].Index = Nothing;
            }
        }

        return true;
    }

    /// <summary>Gives up: what has no receipt and may not be on disk is not acknowledged.</summary>
    public void Refuse(Rejection reason, Span<Rejection> outcomes)
    {
        for (int shard = 0; shard < _held.Length; shard++)
        {
            (int index, AcceptedEvent held) = _held[shard];
            if (index == Nothing)
            {
                continue;
            }

            core.Withdraw(held);
            outcomes[index] = reason;
            foreach ((int entered, int home) in _unconfirmed)
            {
                outcomes[entered] = home == shard ? reason : outcomes[entered];
            }
        }
    }

    /// <summary>Waits for every receipt so far.</summary>
    public async ValueTask FinishAsync(Memory<Rejection> outcomes, CancellationToken cancellationToken)
    {
        foreach ((int index, Task<Rejection> outcome) in _waiting)
        {
            Rejection answer = await outcome.WaitAsync(cancellationToken).ConfigureAwait(false);
            outcomes.Span[index] = answer;
        }

        _waiting.Clear();
    }

    private bool TryWaitFor(in AcceptedEvent accepted, int index)
    {
        if (core.Requests.Publish(accepted) is not { } outcome)
        {
            return false;
        }

        _waiting.Add((index, outcome));
        return true;
    }

    private void Release(int shard, Span<Rejection> outcomes)
    {
        (int index, AcceptedEvent held) = _held[shard];
        _held[shard].Index = Nothing;
        if (index == Nothing)
        {
            return;
        }

        if (core.TryEnter(held))
        {
            _unconfirmed.Add((index, shard));
        }
        else
        {
            outcomes[index] = core.Withdraw(held);
        }
    }

    private static (int Index, AcceptedEvent Event)[] NothingHeld(int shards)
    {
        var held = new (int Index, AcceptedEvent Event)[shards];
        Array.Fill(held, (Nothing, default));
        return held;
    }
}
