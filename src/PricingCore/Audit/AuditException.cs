namespace PricingCore.Audit;

/// <summary>An audit log cannot be read or opened; the message says which file and why.</summary>
public sealed class AuditException : Exception
{
    /// <summary>Makes one.</summary>
    /// <param name="message">Which file, and why.</param>
    public AuditException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one with its cause.</summary>
    /// <param name="message">Which file, and why.</param>
    /// <param name="cause">What went wrong underneath.</param>
    public AuditException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
