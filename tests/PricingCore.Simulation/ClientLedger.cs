using PricingCore.Events;
using PricingCore.Surge;
using PricingCore.Tokens;

namespace PricingCore.Simulation;

/// <summary>What the clients of an engine were told, which must hold whatever becomes of the engine.</summary>
internal sealed class ClientLedger
{
    /// <summary>How long the engine remembers idempotency keys.</summary>
    public static readonly TimeSpan KeyWindow = TimeSpan.FromMinutes(60);

    /// <summary>Clients repeat events only well within the window.</summary>
    private const long RepeatWithinMicros = 40L * 60 * 1_000_000;

    private const int MostKeys = 4_000;

    private readonly List<Publication> _pending = [];
    private readonly List<(Task<DecisionAnswer> Answer, long At)> _asked = [];
    private readonly List<(Task<RedemptionAnswer> Answer, Offer Offer, ulong Redeemer)> _redeeming = [];
    private readonly Dictionary<string, KeyedEvent> _keys = [];
    private readonly List<string> _keyOrder = [];
    private readonly List<Offer> _offers = [];
    private readonly bool _isDurable;
    private readonly SimulationReport _report;

    public ClientLedger(bool isDurable, SimulationReport report)
    {
        _isDurable = isDurable;
        _report = report;
    }

    /// <summary>Events that are known to be applied, once.</summary>
    public long Applied { get; private set; }

    /// <summary>Events that came in and of which nobody knows: nobody waited for the answer, or the engine ended before it.</summary>
    public long Unknown { get; private set; }

    /// <summary>Every decision that a client was told, by its bytes.</summary>
    public Dictionary<DecisionId, SurgeDecision> Decisions { get; } = [];

    /// <summary>Whether anybody still waits.</summary>
    public bool IsAnybodyWaiting => _pending.Count + _asked.Count + _redeeming.Count > 0;

    public int Waiting => _pending.Count + _asked.Count + _redeeming.Count;

    /// <summary>The offers that clients hold.</summary>
    public IReadOnlyList<Offer> Offers => _offers;

    /// <summary>An event that nobody waits for came in.</summary>
    public void AddUnknown() => Unknown++;

    public void Publish(EngineLife life, in MarketEvent e)
    {
        _report.Events++;
        bool wasAcknowledged = false;
        if (e.IdempotencyKey is { } key)
        {
            if (!_keys.TryGetValue(key, out KeyedEvent? known))
            {
                known = new KeyedEvent { Event = e, At = life.Now };
                _keys.Add(key, known);
                _keyOrder.Add(key);
                ForgetOldKeys();
            }

            wasAcknowledged = known.IsAcknowledged;
        }

        _pending.Add(new Publication(life.Publish(e), e.IdempotencyKey, wasAcknowledged));
    }

    /// <summary>Some keyed event of before, to be sent again; null when there is none.</summary>
    public MarketEvent? DrawRepeat(Random random, EngineLife life)
    {
        if (_keyOrder.Count == 0)
        {
            return null;
        }

        KeyedEvent known = _keys[_keyOrder[random.Next(_keyOrder.Count)]];
        return life.Now - known.At < RepeatWithinMicros ? known.Event with { OccurredAt = Numerics.UnixMicros.ToTime(life.Now) } : null;
    }

    /// <summary>Keyed events that clients send again after the engine has started again: all that were not answered, and the last that were.</summary>
    public List<MarketEvent> Repeats(EngineLife life)
    {
        long now = life.Now;
        return [.. _keyOrder
            .Select((key, i) => (Known: _keys[key], IsLate: i >= _keyOrder.Count - 40))
            .Where(e => (e.IsLate || !e.Known.IsAcknowledged) && now - e.Known.At < RepeatWithinMicros)
            .Select(e => e.Known.Event with { OccurredAt = Numerics.UnixMicros.ToTime(now) })];
    }

    public void Ask(Task<DecisionAnswer> answer, long at) => _asked.Add((answer, at));

    public Offer AddOffer(Offer offer)
    {
        if (_offers.Count > 200)
        {
            _offers.RemoveAt(0);
        }

        _offers.Add(offer);
        return offer;
    }

    public void Redeem(Task<RedemptionAnswer> answer, Offer offer, ulong redeemer) => _redeeming.Add((answer, offer, redeemer));

    /// <summary>Takes in the answers that have come.</summary>
    public void TakeAnswers()
    {
        TakePublications();
        for (int i = 0; i < _asked.Count; i++)
        {
            if (_asked[i].Answer.IsCompleted)
            {
                DecisionAnswer answer = _asked[i].Answer.Result;
                _asked.RemoveAt(i--);
                if (answer.Decision is { } decision && Decisions.TryAdd(decision.Id, decision))
                {
                    _report.Decisions++;
                }
            }
        }

        for (int i = 0; i < _redeeming.Count; i++)
        {
            if (_redeeming[i].Answer.IsCompleted)
            {
                (Task<RedemptionAnswer> answer, Offer offer, ulong redeemer) = _redeeming[i];
                _redeeming.RemoveAt(i--);
                Settle(offer, redeemer, answer.Result);
            }
        }
    }

    /// <summary>The engine is gone: those who waited will never know.</summary>
    public void Forget()
    {
        TakeAnswers();
        Unknown += _pending.Count;
        _pending.Clear();
        _asked.Clear();
        _redeeming.Clear();
        if (_isDurable)
        {
            return;
        }

        // Nothing was promised of what was not safe.
        Unknown += Applied;
        Applied = 0;
        Decisions.Clear();
        _offers.Clear();
        foreach (KeyedEvent known in _keys.Values)
        {
            known.IsAcknowledged = false;
        }
    }

    /// <summary>Compares what an engine has applied with what clients were told, and takes it for true from here on.</summary>
    public void CheckApplied(long applied, bool isAtRest)
    {
        bool holds = applied >= Applied && applied <= Applied + Unknown;
        if (!holds || (isAtRest && applied != Applied + Unknown))
        {
            throw new SimulationFailedException(
                $"the engine has applied {applied} events, where {Applied} were acknowledged and {Unknown} {(isAtRest ? "came in besides" : "may have come in besides")}");
        }

        Applied = applied;
        Unknown = 0;
    }

    private void TakePublications()
    {
        for (int i = 0; i < _pending.Count; i++)
        {
            Publication publication = _pending[i];
            if (!publication.Answer.IsCompleted)
            {
                continue;
            }

            _pending.RemoveAt(i--);
            switch (publication.Answer.Result)
            {
                case Rejection.None:
                    Applied++;
                    _report.Acknowledged++;
                    Acknowledge(publication, isFirst: true);
                    break;
                case Rejection.Duplicate:
                    if (publication.Key is null)
                    {
                        throw new SimulationFailedException("an event without a key is called a duplicate");
                    }

                    Acknowledge(publication, isFirst: false);
                    break;
                case Rejection.Busy or Rejection.JournalUnavailable or Rejection.UserRateLimited or Rejection.RegionRateLimited:
                    _report.Refused++;
                    break;
                default:
                    throw new SimulationFailedException($"an event is refused as {publication.Answer.Result}");
            }
        }
    }

    private void Acknowledge(Publication publication, bool isFirst)
    {
        if (publication.Key is null || !_keys.TryGetValue(publication.Key, out KeyedEvent? known))
        {
            return;
        }

        if (isFirst && publication.WasAcknowledged)
        {
            throw new SimulationFailedException($"the event with key {publication.Key} was acknowledged before, and is applied again");
        }

        known.IsAcknowledged = true;
    }

    private static void Settle(Offer offer, ulong redeemer, RedemptionAnswer answer)
    {
        switch (answer.Outcome)
        {
            case RedemptionOutcome.Redeemed when offer.Owner is { } owner:
                throw new SimulationFailedException($"quote {offer.Number} was redeemed by {owner}, and is redeemed again by {redeemer}");
            case RedemptionOutcome.Redeemed or RedemptionOutcome.AlreadyRedeemed:
                if ((offer.Owner ?? redeemer) != redeemer || (offer.FirstAt != 0 && offer.FirstAt != answer.FirstAt))
                {
                    throw new SimulationFailedException($"quote {offer.Number} was redeemed by {offer.Owner} at {offer.FirstAt}, and now by {redeemer} at {answer.FirstAt}");
                }

                (offer.Owner, offer.FirstAt) = (redeemer, answer.FirstAt);
                break;
            case RedemptionOutcome.RedeemedByAnother when offer.Owner == redeemer:
                throw new SimulationFailedException($"quote {offer.Number} was redeemed by {redeemer}, who is now told that another did");
            case RedemptionOutcome.RedeemedByAnother or RedemptionOutcome.Expired or RedemptionOutcome.Busy or RedemptionOutcome.Stopped or RedemptionOutcome.TooManyRedemptions:
                break;
            default:
                throw new SimulationFailedException($"a redemption ends as {answer.Outcome}");
        }
    }

    private void ForgetOldKeys()
    {
        if (_keyOrder.Count > MostKeys)
        {
            _keyOrder.RemoveRange(0, MostKeys / 2);
            var kept = new HashSet<string>(_keyOrder);
            foreach (string key in _keys.Keys.Where(key => !kept.Contains(key)).ToArray())
            {
                _keys.Remove(key);
            }
        }
    }

    /// <summary>A signed quote that clients try to redeem.</summary>
    public sealed class Offer(ulong number, long endsAt)
    {
        public ulong Number => number;

        public long EndsAt => endsAt;

        /// <summary>Who is known to have redeemed it.</summary>
        public ulong? Owner { get; set; }

        public long FirstAt { get; set; }
    }

    private sealed class KeyedEvent
    {
        public required MarketEvent Event { get; init; }

        public required long At { get; init; }

        public bool IsAcknowledged { get; set; }
    }

    private readonly record struct Publication(Task<Rejection> Answer, string? Key, bool WasAcknowledged);
}
