using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace PricingCore.Hosting.Health;

/// <summary>Whether the engine takes events and prices: unhealthy when not, degraded when it does and something should be seen to. The data hold each reason by its code.</summary>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class ReadyCheck(EngineLifetime lifetime) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<EngineCondition> conditions = lifetime.Conditions;
        if (conditions.Count == 0)
        {
            return Task.FromResult(HealthCheckResult.Healthy());
        }

        HealthStatus status = conditions.Any(condition => condition.IsFatalToService) ? HealthStatus.Unhealthy : HealthStatus.Degraded;
        Dictionary<string, object> reasons = conditions
            .GroupBy(condition => condition.Code, StringComparer.Ordinal)
            .ToDictionary(same => same.Key, same => (object)string.Join(' ', same.Select(condition => condition.Reason)), StringComparer.Ordinal);
        return Task.FromResult(new HealthCheckResult(status, string.Join(' ', reasons.Values), data: reasons));
    }
}
