namespace PricingCore.Snapshots;

/// <summary>The parts of a loop's state, in the order of a snapshot. The numbers are in files: they never change their meaning.</summary>
internal enum StateSection
{
    /// <summary>Counters of the loop.</summary>
    Loop = 0x504F_4F4C,

    /// <summary>Idempotency keys.</summary>
    Keys = 0x5359_454B,

    /// <summary>Time, and what is known of all regions.</summary>
    Features = 0x5441_4546,

    /// <summary>Sessions of users.</summary>
    Sessions = 0x5353_4553,

    /// <summary>Units of supply.</summary>
    Units = 0x5449_4E55,

    /// <summary>Postings for neighbours.</summary>
    Neighbours = 0x4847_494E,

    /// <summary>State, windows and history of each region.</summary>
    Regions = 0x4947_4552,

    /// <summary>Rows that wait to be published.</summary>
    Rows = 0x5357_4F52,

    /// <summary>Forecasts that came, and were asked for.</summary>
    Forecasts = 0x4143_4F46,

    /// <summary>Requests that wait for a forecast.</summary>
    Pending = 0x444E_4550,

    /// <summary>How the prices of two models differ.</summary>
    Differences = 0x4646_4944,

    /// <summary>Demand spikes.</summary>
    Spikes = 0x4B49_5053,

    /// <summary>What was decided last, and the quote book.</summary>
    Decisions = 0x4943_4544,

    /// <summary>After everything else.</summary>
    End = 0x2144_4E45,
}
