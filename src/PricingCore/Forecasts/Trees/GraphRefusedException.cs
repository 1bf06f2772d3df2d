namespace PricingCore.Forecasts.Trees;

/// <summary>A graph is damaged, too large, or has something that the kernel does not know. The message is the reason.</summary>
internal sealed class GraphRefusedException(string reason) : Exception(reason);
