using PricingCore.AspNetCore.Problems;
using PricingCore.Events.Json;

namespace PricingCore.AspNetCore.Events;

/// <summary>What the words for unreadable events are among the types of problems.</summary>
internal static class EventProblems
{
    private static readonly string[] Known = JsonEventFields.Known.Split(", ");

    /// <summary>The type of a problem by its word.</summary>
    public static ProblemType TypeOf(string reason) => reason switch
    {
        RejectReason.InvalidJson => ProblemType.MalformedJson,
        RejectReason.InvalidUtf8 => ProblemType.InvalidUtf8,
        RejectReason.UnknownField => ProblemType.UnknownField,
        RejectReason.RepeatedField => ProblemType.RepeatedField,
        RejectReason.WrongType => ProblemType.WrongType,
        RejectReason.MissingField => ProblemType.MissingField,
        RejectReason.LineTooLong => ProblemType.BodyTooLarge,
        _ => ProblemType.OutOfRange,
    };

    /// <summary>The field that a problem's sentence is about, where it begins with it or quotes it; null for the whole event.</summary>
    public static string? FieldOf(string reason, string detail)
    {
        if (reason is RejectReason.UnknownField or RejectReason.RepeatedField && detail.StartsWith('\''))
        {
            int end = detail.IndexOf('\'', 1);
            return end > 0 ? detail[1..end] : null;
        }

        if (reason == RejectReason.UnknownKind)
        {
            return "type";
        }

        int length = detail.AsSpan().IndexOfAny(' ', ':');
        return length > 0 && Known.Contains(detail[..length]) ? detail[..length] : null;
    }

    /// <summary>What is legal, in general.</summary>
    public static string LegalOf(string reason) => reason switch
    {
        RejectReason.UnknownField => "one of " + JsonEventFields.Known,
        RejectReason.UnknownKind => "one of " + EventKinds.Known,
        RejectReason.InvalidTime or RejectReason.TimeWithoutOffset or RejectReason.TimeOutOfRange => "an RFC 3339 time with Z or an offset, for example 2026-03-01T08:30:00Z",
        _ => "an event as docs/api.md describes it",
    };
}
