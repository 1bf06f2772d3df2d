namespace PricingCore.Tokens;

/// <summary>What came of redeeming a signed quote.</summary>
public enum RedemptionOutcome : byte
{
    /// <summary>Nothing was asked for.</summary>
    None = 0,

    /// <summary>Redeemed now: charge the price.</summary>
    Redeemed = 1,

    /// <summary>Redeemed before by the same redemption id: the answer to a repeated call, charge once.</summary>
    AlreadyRedeemed = 2,

    /// <summary>Redeemed before by another redemption id: do not charge.</summary>
    RedeemedByAnother = 3,

    /// <summary>It no longer holds.</summary>
    Expired = 4,

    /// <summary>It was issued later than now: the clocks differ by more than the grace.</summary>
    NotYetValid = 5,

    /// <summary>It is for another region, product or price than was expected.</summary>
    OtherProduct = 6,

    /// <summary>It was altered, or made without the key that it names.</summary>
    Tampered = 7,

    /// <summary>It names a key that is not known, or that has ended.</summary>
    UnknownKey = 8,

    /// <summary>It is not a token.</summary>
    Malformed = 9,

    /// <summary>As many redemptions are remembered as <see cref="SigningOptions.MaxRedemptions"/> allows: try again.</summary>
    TooManyRedemptions = 10,

    /// <summary>The ring is full, or too many wait: try again.</summary>
    Busy = 11,

    /// <summary>The engine has been stopped.</summary>
    Stopped = 12,
}
