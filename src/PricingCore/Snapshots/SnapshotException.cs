namespace PricingCore.Snapshots;

/// <summary>A snapshot cannot be used; the message says why.</summary>
internal sealed class SnapshotException : Exception
{
    public SnapshotException(string message)
        : base(message)
    {
    }

    public SnapshotException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
