using PricingCore.Protocol;

namespace PricingCore.AspNetCore.Binary;

/// <summary>Every limit of the binary protocol's server.</summary>
/// <threadsafety>Not thread-safe; read once, when the endpoint is made.</threadsafety>
public sealed class BinaryProtocolOptions
{
    /// <summary>The engine's name, where the host has several.</summary>
    /// <value>Null unless set: the host's only engine.</value>
    public string? EngineName { get; set; }

    /// <summary>The longest frame, in bytes; longer ones end the connection before they are received.</summary>
    /// <value>From 16,384 to 16,777,216; 262,144 unless set.</value>
    public int MaxFrameBytes { get; set; } = 262_144;

    /// <summary>The most quotes in a batch.</summary>
    /// <value>From 1 to 65,535; 4,096 unless set.</value>
    public int MaxQuotesInBatch { get; set; } = 4_096;

    /// <summary>The most events in a batch.</summary>
    /// <value>From 1 to 4,096; 4,096 unless set.</value>
    public int MaxEventsInBatch { get; set; } = 4_096;

    /// <summary>Quotes and events of a connection whose answer is outstanding, from which on nothing more is read.</summary>
    /// <value>From 1 to 1,000,000; 16,384 unless set.</value>
    public int MaxInFlight { get; set; } = 16_384;

    /// <summary>The most names that a connection may give numbers.</summary>
    /// <value>From 1 to 1,000,000; 16,384 unless set.</value>
    public int MaxNames { get; set; } = 16_384;

    /// <summary>The most prices that a connection may subscribe to.</summary>
    /// <value>From 0 to 65,535; 10,000 unless set.</value>
    public int MaxSubscribedPrices { get; set; } = 10_000;

    /// <summary>The most connections at a time; what comes beyond is closed.</summary>
    /// <value>From 1 to 100,000; 1,024 unless set.</value>
    public int MaxConnections { get; set; } = 1_024;

    /// <summary>The time between two looks at subscribed prices.</summary>
    /// <value>From 1 millisecond to 60 seconds; 250 milliseconds unless set.</value>
    public TimeSpan PriceInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a client may take to say hello.</summary>
    /// <value>From 100 milliseconds to 60 seconds; 5 seconds unless set.</value>
    public TimeSpan HelloTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a client may be silent before it is taken for dead.</summary>
    /// <value>From 1 second to 1 hour; 60 seconds unless set.</value>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a client may leave its answers unread before the connection is cut.</summary>
    /// <value>From 1 second to 10 minutes; 30 seconds unless set.</value>
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Checks every option.</summary>
    /// <returns>All errors, each naming the option, its value and its legal range; empty when there are none.</returns>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        Check(nameof(MaxFrameBytes), MaxFrameBytes, ProtocolConstants.MaxHelloBytes, 16_777_216);
        Check(nameof(MaxQuotesInBatch), MaxQuotesInBatch, 1, ushort.MaxValue);
        Check(nameof(MaxEventsInBatch), MaxEventsInBatch, 1, PricingEngine.MaxEventsInBatch);
        Check(nameof(MaxInFlight), MaxInFlight, 1, 1_000_000);
        Check(nameof(MaxNames), MaxNames, 1, 1_000_000);
        Check(nameof(MaxSubscribedPrices), MaxSubscribedPrices, 0, ushort.MaxValue);
        Check(nameof(MaxConnections), MaxConnections, 1, 100_000);
        CheckTime(nameof(PriceInterval), PriceInterval, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(60));
        CheckTime(nameof(HelloTimeout), HelloTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(60));
        CheckTime(nameof(IdleTimeout), IdleTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        CheckTime(nameof(WriteTimeout), WriteTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        return errors;

        void Check(string name, int value, int least, int most)
        {
            if (value < least || value > most)
            {
                errors.Add(FormattableString.Invariant($"{name} must be from {least:N0} to {most:N0}, but is {value:N0}."));
            }
        }

        void CheckTime(string name, TimeSpan value, TimeSpan least, TimeSpan most)
        {
            if (value < least || value > most)
            {
                errors.Add(FormattableString.Invariant($"{name} must be from {least} to {most}, but is {value}."));
            }
        }
    }

    internal WelcomeBody Welcome(ProtocolFeatures features) => new()
    {
        Version = ProtocolConstants.Version,
        Features = features,
        MaxFrameBytes = MaxFrameBytes,
        MaxQuotes = MaxQuotesInBatch,
        MaxEvents = MaxEventsInBatch,
        MaxInFlight = MaxInFlight,
        MaxNames = MaxNames,
        MaxSubscribed = MaxSubscribedPrices,
        IdleTimeoutMs = (int)IdleTimeout.TotalMilliseconds,
        PriceIntervalMs = (int)PriceInterval.TotalMilliseconds,
    };
}
