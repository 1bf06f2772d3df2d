namespace PricingCore.Journal;

/// <summary>What a note in a journal is about. Its bytes are the business of who wrote it.</summary>
internal enum JournalNoteKind : byte
{
    /// <summary>What the engine was started with.</summary>
    Terms = 1,

    /// <summary>A region got its number.</summary>
    Region = 2,

    /// <summary>A product got its number.</summary>
    Product = 3,

    /// <summary>A model version got its number.</summary>
    Model = 4,

    /// <summary>A rule set that a record is about to name.</summary>
    Rules = 5,

    /// <summary>A plan of models that a record is about to name.</summary>
    Plan = 6,
}
