namespace PricingCore.Client;

/// <summary>The connection was lost, or there is none; what was sent may or may not have been done. Quotes are tried again by the client; events are not.</summary>
public sealed class PricingConnectionException : IOException
{
    /// <summary>Says what happened.</summary>
    /// <param name="message">For people.</param>
    /// <param name="inner">What caused it.</param>
    public PricingConnectionException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
