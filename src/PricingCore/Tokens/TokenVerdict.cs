namespace PricingCore.Tokens;

/// <summary>What a check of a token found.</summary>
public enum TokenVerdict : byte
{
    /// <summary>It is not a token: too long, too short, or of another form or version.</summary>
    Malformed = 0,

    /// <summary>It is genuine and holds.</summary>
    Valid = 1,

    /// <summary>It names a key that is not known, or that has ended.</summary>
    UnknownKey = 2,

    /// <summary>It was altered, or made without the key that it names.</summary>
    Tampered = 3,

    /// <summary>It is genuine, but no longer holds.</summary>
    Expired = 4,

    /// <summary>It is genuine, but was issued later than now: the clocks differ by more than the grace.</summary>
    NotYetValid = 5,

    /// <summary>It is genuine and holds, but for another region, product or price than was expected.</summary>
    OtherProduct = 6,
}
