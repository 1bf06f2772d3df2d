using System.Security.Cryptography;
using System.Text;

namespace PricingCore.Hosting.Alerts;

/// <summary>Something that an operator should see to, or its end.</summary>
/// <param name="Kind">What it is, for machines: one of <see cref="AlertKinds"/>, or the code of a condition.</param>
/// <param name="Subject">What it is about: a region or a measure; empty for the engine.</param>
/// <param name="Reason">What it is, for people.</param>
/// <threadsafety>Immutable.</threadsafety>
internal sealed record EngineAlert(string Kind, string Subject, string Reason)
{
    /// <summary>The region; null when it is not about one.</summary>
    public string? Region { get; init; }

    /// <summary>The measure of data quality; null for other kinds.</summary>
    public string? Measure { get; init; }

    /// <summary>What was measured; null when it is no number.</summary>
    public double? Value { get; init; }

    /// <summary>What it may just be; null when there is no such number.</summary>
    public double? Threshold { get; init; }

    /// <summary>When it began.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended; null while it lasts, and for what is a moment.</summary>
    public DateTimeOffset? ResolvedAt { get; init; }

    /// <summary>The name of the message about it: the same however often it is sent, and another for its end.</summary>
    /// <param name="engine">The engine.</param>
    public string IdFor(string engine)
    {
        string what = string.Join('\n', engine, Kind, Subject, StartedAt.UtcTicks, ResolvedAt is null ? "raised" : "resolved");
        return "msg_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(what)))[..32];
    }
}
