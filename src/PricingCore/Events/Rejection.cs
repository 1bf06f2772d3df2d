namespace PricingCore.Events;

/// <summary>Why an event was not taken; <see cref="None"/> when it was.</summary>
public enum Rejection : byte
{
    /// <summary>Not rejected: the event is in the ring.</summary>
    None = 0,

    /// <summary>The kind is not one of <see cref="MarketEventKind"/>.</summary>
    UnknownKind = 1,

    /// <summary>The kind is made by the engine only.</summary>
    ReservedKind = 2,

    /// <summary>The region id is missing, blank or longer than 64 characters.</summary>
    InvalidRegion = 3,

    /// <summary>Regions are closed, and this one is not in the list.</summary>
    UnknownRegion = 4,

    /// <summary>The region is new, and there are already as many regions as allowed.</summary>
    TooManyRegions = 5,

    /// <summary>The product is blank, longer than 64 characters, or one product too many.</summary>
    InvalidProduct = 6,

    /// <summary>A user, unit or idempotency key is blank or longer than 128 characters.</summary>
    InvalidId = 7,

    /// <summary>The kind needs a unit, or a value in its place.</summary>
    MissingUnit = 8,

    /// <summary>The kind needs a value that is missing.</summary>
    MissingValue = 9,

    /// <summary>A number is infinite, or not a number where one was given.</summary>
    NotFinite = 10,

    /// <summary>A number is outside the range of its kind.</summary>
    OutOfRange = 11,

    /// <summary>It happened longer ago than the allowed lateness.</summary>
    TooOld = 12,

    /// <summary>It lies further in the future than clocks may differ.</summary>
    InFuture = 13,

    /// <summary>The user sends too many events.</summary>
    UserRateLimited = 14,

    /// <summary>The region gets too many events.</summary>
    RegionRateLimited = 15,

    /// <summary>The ring, or the memory of idempotency keys, is full: try again.</summary>
    Busy = 16,

    /// <summary>An event with the same idempotency key was taken within the last ten minutes. Said by the loop, not by the gate.</summary>
    Duplicate = 17,

    /// <summary>The engine has been stopped.</summary>
    Stopped = 18,

    /// <summary>The journal cannot be written, so nothing can be made durable; it is tried again until it works.</summary>
    JournalUnavailable = 19,
}
