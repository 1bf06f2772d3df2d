namespace PricingCore.Training.Xgboost;

/// <summary>XGBoost is missing, is a version that was not tried, or reported an error; the message says which and what to do.</summary>
public sealed class XgboostException : Exception
{
    /// <summary>An error without a message.</summary>
    public XgboostException()
    {
    }

    /// <summary>An error with XGBoost's own message.</summary>
    public XgboostException(string message)
        : base(message)
    {
    }

    /// <summary>An error that another one caused.</summary>
    public XgboostException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
