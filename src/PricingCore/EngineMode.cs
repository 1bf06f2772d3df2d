namespace PricingCore;

/// <summary>What drives an engine.</summary>
internal enum EngineMode
{
    /// <summary>The clock, and whoever publishes and asks.</summary>
    Live,

    /// <summary>Events from files, at the times that they say.</summary>
    ReplayOfEvents,

    /// <summary>The records of a journal.</summary>
    ReplayOfJournal,
}
