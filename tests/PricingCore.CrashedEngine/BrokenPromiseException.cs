namespace PricingCore.CrashedEngine;

/// <summary>The engine has not kept what it acknowledged before, or answers what it must not.</summary>
internal sealed class BrokenPromiseException : Exception
{
    public BrokenPromiseException()
    {
    }

    public BrokenPromiseException(string message)
        : base(message)
    {
    }

    public BrokenPromiseException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
