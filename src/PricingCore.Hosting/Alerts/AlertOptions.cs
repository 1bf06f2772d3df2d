using System.Globalization;

namespace PricingCore.Hosting.Alerts;

/// <summary>How a host tells of what an operator should see to: how often it looks, how often it repeats itself, and whom it tells besides log and metrics.</summary>
/// <remarks>Bound from the section <c>Alerts</c> of the engine's configuration.</remarks>
/// <threadsafety>Not thread-safe; read once, when the host starts.</threadsafety>
public sealed class AlertOptions
{
    /// <summary>Time between looks at the engine.</summary>
    /// <value>From 1 second to 10 minutes; 5 seconds unless set.</value>
    public TimeSpan CheckInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The least time between two alerts of one kind about one thing, such as a region; what begins and ends again within it is not told again.</summary>
    /// <value>From 0 to 24 hours; 10 minutes unless set.</value>
    public TimeSpan QuietTime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Whom alerts are sent to.</summary>
    /// <value>Nobody unless set: see <see cref="WebhookOptions.Url"/>.</value>
    public WebhookOptions Webhook { get; set; } = new();

    /// <summary>Checks every option.</summary>
    /// <returns>All errors, each with the option, its value and what is allowed; empty when all is well.</returns>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        CheckRange(nameof(CheckInterval), CheckInterval, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10), errors);
        CheckRange(nameof(QuietTime), QuietTime, TimeSpan.Zero, TimeSpan.FromHours(24), errors);
        errors.AddRange(Webhook?.Validate().Select(error => $"{nameof(Webhook)}.{error}") ?? [$"{nameof(Webhook)} must not be null."]);
        return errors;
    }

    internal static void CheckRange<T>(string option, T value, T least, T most, List<string> errors)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
        {
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"{option} is {value}; it must be from {least} to {most}."));
        }
    }
}
