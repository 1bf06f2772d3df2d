namespace PricingCore.Training;

/// <summary>A history that no model can be trained on; the message says why and what would help.</summary>
public sealed class TrainingException : Exception
{
    /// <summary>An error without a message.</summary>
    public TrainingException()
    {
    }

    /// <summary>An error with its reason.</summary>
    public TrainingException(string message)
        : base(message)
    {
    }

    /// <summary>An error that another one caused.</summary>
    public TrainingException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
