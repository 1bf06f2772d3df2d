using PricingCore.Audit;
using PricingCore.Events;
using PricingCore.Features;
using PricingCore.Numerics;
using PricingCore.Surge;

namespace PricingCore;

/// <summary>Puts a loop's decisions into the audit log, with the features that they saw.</summary>
/// <remarks>
/// Whoever asks a live loop for a decision has reserved a place, so recording always succeeds. What is decided again at a start is left out when the log has it, and
/// waits for its place otherwise.
/// </remarks>
/// <threadsafety>One thread: the shard's loop, or whoever makes the loop before it runs.</threadsafety>
internal sealed class AuditOutlet(AuditLog log, int lane, PricingLoop loop, FeatureReader reader, int rowWidth) : IDecisionObserver
{
    private readonly float[] _row = new float[rowWidth];
    private long _offset;
    private bool _isRecovering = true;

    /// <summary>The loop runs from now on: places are reserved by those who ask.</summary>
    /// <param name="ordinal">Decisions that the loop has made. Fewer than the log has, when a journal was lost: numbers go on after the log's then.</param>
    public void BeginLive(long ordinal)
    {
        _isRecovering = false;
        _offset = Math.Max(0, log.LastOrdinal(lane) - ordinal);
    }

    /// <inheritdoc/>
    public void Deciding(in AcceptedEvent request) => reader.ReadRow(request.Region, _row);

    /// <inheritdoc/>
    public void Made(in AcceptedEvent request, SurgeDecision decision, long ordinal)
    {
        if (_isRecovering)
        {
            if (ordinal <= log.LastOrdinal(lane))
            {
                return;
            }

            log.Reserve(CancellationToken.None);
        }

        log.Record(decision, lane, ordinal + _offset, loop.CurrentSequence, UnixMicros.From(decision.DecidedAt), _row);
    }

    /// <inheritdoc/>
    public void NotMade()
    {
        if (!_isRecovering)
        {
            log.Release();
        }
    }
}
