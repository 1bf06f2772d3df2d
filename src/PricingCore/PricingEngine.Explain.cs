using PricingCore.Audit;
using PricingCore.Explanations;
using PricingCore.Surge;

namespace PricingCore;

public sealed partial class PricingEngine
{
    /// <summary>Explains a quote that was served, from the audit log; it must record quotes (<see cref="AuditOptions.Level"/>).</summary>
    /// <param name="requestId">The request's id; of several with the same, the newest.</param>
    /// <param name="model">Takes the forecast apart; null leaves that out.</param>
    /// <returns>The explanation; null when the log does not have the request.</returns>
    /// <exception cref="InvalidOperationException">There is no audit log: set <see cref="PricingOptions.Audit"/>.</exception>
    /// <exception cref="AuditException">The log is damaged there.</exception>
    public QuoteExplanation? Explain(string requestId, ModelExplainer? model = null)
    {
        ArgumentNullException.ThrowIfNull(requestId);
        AuditLog log = DemandAudit();
        return log.TryFindQuote(requestId, out AuditedQuote? quote) && log.TryFindDecision(quote.DecisionId, out AuditedDecision? decision)
            ? Explainer.Explain(decision, quote, Schema, model)
            : null;
    }

    /// <summary>Explains a decision, from the audit log.</summary>
    /// <param name="decisionId">The decision.</param>
    /// <param name="model">Takes the forecast apart; null leaves that out.</param>
    /// <returns>The explanation; null when the log does not have the decision.</returns>
    /// <exception cref="InvalidOperationException">There is no audit log: set <see cref="PricingOptions.Audit"/>.</exception>
    /// <exception cref="AuditException">The log is damaged there.</exception>
    public QuoteExplanation? Explain(DecisionId decisionId, ModelExplainer? model = null) =>
        DemandAudit().TryFindDecision(decisionId, out AuditedDecision? decision) ? Explainer.Explain(decision, quote: null, Schema, model) : null;

    private AuditLog DemandAudit() =>
        _core.Audit?.Log ?? throw new InvalidOperationException("There is no audit log to explain from: set PricingOptions.Audit.Directory.");
}
