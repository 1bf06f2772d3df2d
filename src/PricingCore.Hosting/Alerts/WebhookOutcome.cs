namespace PricingCore.Hosting.Alerts;

/// <summary>What became of an alert that was to be sent.</summary>
internal enum WebhookOutcome
{
    /// <summary>The receiver has taken it.</summary>
    Delivered,

    /// <summary>The receiver has refused it for good, or answered with a redirect: it was not tried again.</summary>
    Refused,

    /// <summary>Every attempt failed.</summary>
    GivenUp,

    /// <summary>Too many waited, or the host has stopped.</summary>
    Dropped,
}
