using PricingCore.Events;
using PricingCore.Quotes;

namespace PricingCore.AspNetCore.Problems;

/// <summary>What the engine's refusals are to a client.</summary>
internal static class RefusalProblems
{
    /// <summary>The problem with a request for a price.</summary>
    public static Problem Of(QuoteRefusal refusal) => refusal switch
    {
        QuoteRefusal.UnknownRegion => new Problem(
            ProblemType.UnknownRegion, "Regions are closed and this one is not in the list, or there are as many as allowed.", "region_id", "a region of this engine"),
        QuoteRefusal.TooManyProducts => new Problem(
            ProblemType.TooManyProducts, "The product is new, and the engine holds as many as it may (MaxProducts).", "product_type", "a product that is known"),
        QuoteRefusal.NoRule => new Problem(
            ProblemType.NoRule, "No pricing rule covers the region and product now.", "region_id", "a region and product that a rule covers; one with \"*\" covers all"),
        QuoteRefusal.InvalidBasePrice => new Problem(
            ProblemType.OutOfRange, "The base price is outside its range.", "base_price", Compute.BasePrices.Legal),
        QuoteRefusal.InvalidRequest => new Problem(
            ProblemType.OutOfRange, "The region or product is blank or too long.", "region_id", "1 to 64 characters"),
        QuoteRefusal.Busy => new Problem(ProblemType.Busy, "The ring is full, or too many requests wait for a decision."),
        QuoteRefusal.AuditBusy => new Problem(ProblemType.Busy, "The audit log is full or its disk fails, and no price is given that it does not have."),
        QuoteRefusal.JournalUnavailable => new Problem(ProblemType.StorageUnavailable, "The journal cannot be written: its disk is full or fails."),
        _ => new Problem(ProblemType.Stopped, "The engine is stopping or has not started."),
    };

    /// <summary>What a client can do about an event that was refused.</summary>
    public static string Explain(Rejection rejection) => rejection switch
    {
        Rejection.UnknownRegion => "regions are closed, and this one is not in the list",
        Rejection.TooManyRegions => "the region is new, and there are as many as allowed",
        Rejection.InvalidRegion => "a region id takes 1 to 64 characters; \"*\" is for weather, traffic, city events and holidays only",
        Rejection.InvalidProduct => "a product takes 1 to 64 characters, and there is a limit of products",
        Rejection.InvalidId => "a user, unit or idempotency key takes 1 to 128 characters without blanks at its ends",
        Rejection.TooOld => "it happened longer ago than the allowed lateness",
        Rejection.InFuture => "it lies in the future: check the clock and the offset",
        Rejection.MissingUnit => "supply needs a unit_id, or a value in its place",
        Rejection.MissingValue => "the kind needs a value",
        Rejection.NotFinite => "a number is not finite",
        Rejection.OutOfRange => "a number is outside the range of its kind",
        Rejection.ReservedKind => "the kind is made by the engine only",
        Rejection.UnknownKind => "the kind is not known",
        Rejection.UserRateLimited => "the user sends too many events: try again later",
        Rejection.RegionRateLimited => "the region gets too many events: try again later",
        Rejection.Duplicate => "an event with the same idempotency key was taken before",
        Rejection.Busy => "the engine is busy: try again",
        Rejection.JournalUnavailable => "the disk cannot be written: try again later",
        _ => "the engine does not run",
    };

    /// <summary>The problem when none of the events was taken, all for one of these reasons.</summary>
    public static ProblemType TypeOf(Rejection rejection) => rejection switch
    {
        Rejection.Busy or Rejection.UserRateLimited or Rejection.RegionRateLimited => ProblemType.Busy,
        Rejection.JournalUnavailable => ProblemType.StorageUnavailable,
        Rejection.Stopped => ProblemType.Stopped,
        _ => ProblemType.EventsRefused,
    };
}
