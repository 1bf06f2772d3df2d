namespace PricingCore.Hosting.Alerts;

/// <summary>Where alerts are sent as HTTP requests, and how hard it is tried.</summary>
/// <remarks>Bound from the section <c>Alerts:Webhook</c> of the engine's configuration.</remarks>
/// <threadsafety>Not thread-safe; read once, when the host starts.</threadsafety>
public sealed class WebhookOptions
{
    /// <summary>The address that alerts are posted to. No message and no log shows more of it than its host: some receivers put a secret into the path.</summary>
    /// <value><c>https://</c>, or <c>http://</c> to loopback, without user and password; nobody is told unless set.</value>
    public string? Url { get; set; }

    /// <summary>A file with the secret that requests are signed with: <c>whsec_</c> and 24 to 64 random bytes in base64, as the Standard Webhooks have it.</summary>
    /// <value>None unless set: requests are not signed.</value>
    public string? SecretFile { get; set; }

    /// <summary>How long a receiver may take to answer.</summary>
    /// <value>From 100 milliseconds to 60 seconds; 10 seconds unless set.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often an alert is tried before it is given up.</summary>
    /// <value>From 1 to 20; 6 unless set.</value>
    public int Attempts { get; set; } = 6;

    /// <summary>Time between the first attempt and the second; it doubles with each further one, up to 5 minutes.</summary>
    /// <value>From 100 milliseconds to 60 seconds; 1 second unless set.</value>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Alerts that may wait to be sent; further ones are dropped and counted.</summary>
    /// <value>From 1 to 10,000; 256 unless set.</value>
    public int Capacity { get; set; } = 256;

    /// <summary>How long what waits is still tried when the host stops.</summary>
    /// <value>From 0 to 30 seconds; 3 seconds unless set.</value>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>The secret, once its file is read.</summary>
    internal byte[]? Secret { get; set; }

    /// <summary>Checks every option.</summary>
    /// <returns>All errors, each with the option and what is allowed; empty when all is well.</returns>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        if (Url is not null && !IsLegal(Url))
        {
            errors.Add($"{nameof(Url)} is not legal; it must be an https:// address, or http:// to loopback, without user and password.");
        }

        if (SecretFile is not null && Url is null)
        {
            errors.Add($"{nameof(SecretFile)} is set, but {nameof(Url)} is not; it must be, so that there is something to sign.");
        }

        AlertOptions.CheckRange(nameof(Timeout), Timeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(60), errors);
        AlertOptions.CheckRange(nameof(Attempts), Attempts, 1, 20, errors);
        AlertOptions.CheckRange(nameof(RetryDelay), RetryDelay, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(60), errors);
        AlertOptions.CheckRange(nameof(Capacity), Capacity, 1, 10_000, errors);
        AlertOptions.CheckRange(nameof(DrainTimeout), DrainTimeout, TimeSpan.Zero, TimeSpan.FromSeconds(30), errors);
        return errors;
    }

    private static bool IsLegal(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out Uri? address)
        && address.UserInfo.Length == 0
        && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));
}
