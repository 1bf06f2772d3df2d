using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace PricingCore.Hosting.Health;

/// <summary>Whether the process is of use: unhealthy only when nothing but a restart helps.</summary>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class LiveCheck(EngineLifetime lifetime) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        EngineCondition? dead = lifetime.Conditions.FirstOrDefault(condition => condition.Code is EngineConditions.LoopFailed or EngineConditions.StartFailed);
        return Task.FromResult(dead is null
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy(dead.Reason, data: new Dictionary<string, object> { [dead.Code] = dead.Reason }));
    }
}
