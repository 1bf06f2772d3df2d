using System.Diagnostics;

namespace PricingCore.Diagnostics;

/// <summary>The spans of the source <c>PricingCore</c>; they cost a read of one field while nobody listens.</summary>
/// <remarks>What a span says of a request is never a user's id, nor a token.</remarks>
/// <threadsafety>Any thread.</threadsafety>
internal static class PricingActivities
{
    private static readonly ActivitySource Source = new(PricingMeters.Name);

    /// <summary>Begins the span of a quote that waits for its decision.</summary>
    /// <param name="region">The region.</param>
    /// <param name="product">The product.</param>
    /// <returns>Null when nobody listens.</returns>
    public static Activity? StartDecision(string? region, string? product) => Source.StartActivity("pricing.decide") is { } activity
        ? activity.SetTag("pricing.region", region).SetTag("pricing.product", product)
        : null;

    /// <summary>Begins the span of an event that is awaited.</summary>
    /// <param name="kind">Its kind.</param>
    /// <returns>Null when nobody listens.</returns>
    public static Activity? StartPublication<TKind>(TKind kind)
        where TKind : struct, Enum => Source.HasListeners()
        ? Source.StartActivity("pricing.publish")?.SetTag("pricing.event", kind.ToString())
        : null;
}
