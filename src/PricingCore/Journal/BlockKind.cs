namespace PricingCore.Journal;

/// <summary>What a block holds.</summary>
internal enum BlockKind : byte
{
    /// <summary>Records, as byte planes.</summary>
    Records = 1,

    /// <summary>One note.</summary>
    Note = 2,

    /// <summary>Nothing: the journal was closed here, and all before this is on disk.</summary>
    End = 3,
}
