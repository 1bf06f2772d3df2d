namespace PricingCore.Audit;

/// <summary>What the audit log records.</summary>
public enum AuditLevel
{
    /// <summary>Every decision, with what led to it.</summary>
    Decision,

    /// <summary>Every decision, and the quotes served: all of them, or a share.</summary>
    Quote,
}
