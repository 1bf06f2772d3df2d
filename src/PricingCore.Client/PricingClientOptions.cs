using System.Net;
using System.Net.Security;

namespace PricingCore.Client;

/// <summary>Where a client connects to, and its limits.</summary>
/// <threadsafety>Not thread-safe; read once, when the client is made.</threadsafety>
public sealed class PricingClientOptions
{
    /// <summary>The server: an <see cref="IPEndPoint"/>, a <see cref="DnsEndPoint"/>, or a <see cref="System.Net.Sockets.UnixDomainSocketEndPoint"/>.</summary>
    /// <value>No default: must be set.</value>
    public EndPoint? EndPoint { get; set; }

    /// <summary>TLS for TCP; the server's name is its <see cref="SslClientAuthenticationOptions.TargetHost"/>.</summary>
    /// <value>Null unless set: no TLS.</value>
    public SslClientAuthenticationOptions? Tls { get; set; }

    /// <summary>An API key or a token.</summary>
    /// <value>Empty unless set: none is sent. At most 8,192 characters.</value>
    public string Credential { get; set; } = "";

    /// <summary>The client's name, for the server's operator.</summary>
    /// <value>Empty unless set. At most 64 characters.</value>
    public string ClientName { get; set; } = "";

    /// <summary>Connections; calls go to them in turn. One is enough for most hosts.</summary>
    /// <value>From 1 to 64; 1 unless set.</value>
    public int Connections { get; set; } = 1;

    /// <summary>The most quotes and events whose answer is outstanding on a connection; further calls wait.</summary>
    /// <value>From 1 to 1,000,000; 16,384 unless set.</value>
    public int MaxInFlight { get; set; } = 16_384;

    /// <summary>How long a call may take, waiting for a connection included.</summary>
    /// <value>From 10 milliseconds to 10 minutes; 10 seconds unless set.</value>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one attempt to connect may take, with the hello.</summary>
    /// <value>From 10 milliseconds to 5 minutes; 5 seconds unless set.</value>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The wait after the first attempt to connect that failed; each further one waits up to twice as long.</summary>
    /// <value>From 1 millisecond to 1 minute; 50 milliseconds unless set.</value>
    public TimeSpan LeastReconnectDelay { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest wait between two attempts.</summary>
    /// <value>From 1 millisecond to 10 minutes; 5 seconds unless set.</value>
    public TimeSpan MostReconnectDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The time between two pings; a server that is silent for two of them is taken for dead. A third of the server's idle time at most.</summary>
    /// <value>From 100 milliseconds to 10 minutes; 15 seconds unless set.</value>
    public TimeSpan KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Drives timeouts, pings and delays.</summary>
    /// <value>The system clock unless set.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Checks every option.</summary>
    /// <returns>All errors, each naming the option, its value and its legal range; empty when there are none.</returns>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        if (EndPoint is null)
        {
            errors.Add($"{nameof(EndPoint)} must be set.");
        }

        CheckLength(nameof(Credential), Credential, Protocol.ProtocolConstants.MaxCredentialLength);
        CheckLength(nameof(ClientName), ClientName, Protocol.ProtocolConstants.MaxNameLength);
        CheckNumber(nameof(Connections), Connections, 64);
        CheckNumber(nameof(MaxInFlight), MaxInFlight, 1_000_000);
        CheckTime(nameof(CallTimeout), CallTimeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(10));
        CheckTime(nameof(ConnectTimeout), ConnectTimeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(5));
        CheckTime(nameof(LeastReconnectDelay), LeastReconnectDelay, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
        CheckTime(nameof(MostReconnectDelay), MostReconnectDelay, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(10));
        CheckTime(nameof(KeepAliveInterval), KeepAliveInterval, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10));
        return errors;

        void CheckLength(string name, string? text, int most)
        {
            if (text is null || text.Length > most)
            {
                errors.Add(FormattableString.Invariant($"{name} must have at most {most:N0} characters.")); // Its value may be a secret.
            }
        }

        void CheckNumber(string name, int value, int most)
        {
            if (value < 1 || value > most)
            {
                errors.Add(FormattableString.Invariant($"{name} must be from 1 to {most:N0}, but is {value:N0}."));
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
}
