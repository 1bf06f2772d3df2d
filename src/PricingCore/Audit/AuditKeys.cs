using System.Text;
using PricingCore.Numerics;
using PricingCore.Surge;

namespace PricingCore.Audit;

/// <summary>The 64-bit keys of an index: stable names, no secrets. What is found by one is compared with what was asked for.</summary>
internal static class AuditKeys
{
    private static readonly SipHash Requests = new("PricingCoreAudRq"u8);
    private static readonly SipHash Decisions = new("PricingCoreAudDe"u8);
    private static readonly SipHash RuleSets = new("PricingCoreAudRu"u8);
    private static readonly SipHash Models = new("PricingCoreAudMo"u8);

    public static ulong OfRequest(ReadOnlySpan<char> requestId) => Of(Requests, requestId);

    public static ulong OfDecision(DecisionId id)
    {
        Span<byte> bytes = stackalloc byte[2 * sizeof(ulong)];
        BitConverter.TryWriteBytes(bytes, id.High);
        BitConverter.TryWriteBytes(bytes[sizeof(ulong)..], id.Low);
        return Decisions.Hash64(bytes);
    }

    public static ulong OfRules(ReadOnlySpan<char> version) => Of(RuleSets, version);

    public static ulong OfModel(ReadOnlySpan<char> version) => Of(Models, version);

    /// <summary>Of the UTF-8 that is recorded, so that an index can be made again from the records alone.</summary>
    private static ulong Of(in SipHash hash, ReadOnlySpan<char> text)
    {
        Span<byte> bytes = stackalloc byte[AuditFormat.MaxTextBytes];
        return hash.Hash64((ReadOnlySpan<byte>)bytes[..Encoding.UTF8.GetBytes(TextForm.Cut(text), bytes)]);
    }
}
