namespace PricingCore.Protocol;

/// <summary>What a side can do beyond the least that its version asks for. The connection has the features that both named.</summary>
[Flags]
public enum ProtocolFeatures
{
    /// <summary>Nothing beyond.</summary>
    None = 0,

    /// <summary>Subscriptions.</summary>
    Subscriptions = 1,
}
