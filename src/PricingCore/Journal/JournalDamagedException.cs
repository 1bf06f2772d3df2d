namespace PricingCore.Journal;

/// <summary>A journal holds something that was not written so. Not thrown for a torn tail, which is what a crash leaves.</summary>
public sealed class JournalDamagedException(string file, long offset, string reason)
    : Exception($"{file}: damaged at byte {offset}: {reason}.")
{
    /// <summary>The segment.</summary>
    public string File { get; } = file;

    /// <summary>Where in it.</summary>
    public long Offset { get; } = offset;

    /// <summary>What is wrong there.</summary>
    public string Reason { get; } = reason;
}
