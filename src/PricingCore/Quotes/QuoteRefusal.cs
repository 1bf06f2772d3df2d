namespace PricingCore.Quotes;

/// <summary>Why no quote can be given.</summary>
public enum QuoteRefusal : byte
{
    /// <summary>Not refused.</summary>
    None = 0,

    /// <summary>The region or product id is blank or too long.</summary>
    InvalidRequest = 1,

    /// <summary>Regions are closed and this one is not in the list, or there are too many regions.</summary>
    UnknownRegion = 2,

    /// <summary>There are already as many products as allowed.</summary>
    TooManyProducts = 3,

    /// <summary>No pricing rule covers the region and product at this time.</summary>
    NoRule = 4,

    /// <summary>The base price of the request is negative or too large.</summary>
    InvalidBasePrice = 5,

    /// <summary>The ring is full: try again.</summary>
    Busy = 6,

    /// <summary>The engine has been stopped.</summary>
    Stopped = 7,

    /// <summary>The journal cannot be written, so no decision can be made durable; it is tried again until it works.</summary>
    JournalUnavailable = 8,

    /// <summary>The audit log is full or its disk fails: try again.</summary>
    AuditBusy = 9,
}
