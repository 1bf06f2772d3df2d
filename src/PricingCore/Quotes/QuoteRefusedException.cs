namespace PricingCore.Quotes;

/// <summary>No quote can be given for a request; <see cref="Refusal"/> says why.</summary>
public sealed class QuoteRefusedException : Exception
{
    /// <summary>Says that a request was refused.</summary>
    /// <param name="refusal">Why.</param>
    /// <param name="request">The request that was refused.</param>
    public QuoteRefusedException(QuoteRefusal refusal, in QuoteRequest request)
        : base($"No quote for region '{request.RegionId}', product '{request.ProductType}': {Explain(refusal)}") => Refusal = refusal;

    /// <summary>Why the request was refused.</summary>
    public QuoteRefusal Refusal { get; }

    private static string Explain(QuoteRefusal refusal) => refusal switch
    {
        QuoteRefusal.InvalidRequest => "region and product ids take 1 to 64 characters and are not blank.",
        QuoteRefusal.UnknownRegion => "regions are closed and it is not in the list, or MaxRegions is reached.",
        QuoteRefusal.TooManyProducts => "MaxProducts is reached.",
        QuoteRefusal.NoRule => "no pricing rule covers it now; add one with region_id \"*\" as a default.",
        QuoteRefusal.InvalidBasePrice => "the base price must be from 0 to 1,000,000,000,000 minor units.",
        QuoteRefusal.Busy => "the ring is full; try again.",
        QuoteRefusal.Stopped => "the engine has been stopped.",
        QuoteRefusal.AuditBusy => "the audit log is full or its disk fails; try again.",
        QuoteRefusal.JournalUnavailable => "the journal cannot be written; free space on its disk, or see the engine's log.",
        _ => refusal.ToString(),
    };
}
