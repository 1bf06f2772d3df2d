using System.Diagnostics.Metrics;

namespace PricingCore.AspNetCore.Diagnostics;

/// <summary>What the service counts beside the web server's own instruments, which know nothing of the binary protocol and of why a request was refused; in the engine's meter.</summary>
/// <threadsafety>Any thread.</threadsafety>
internal static class ServiceMeters
{
    private const string Reason = "reason";
    private const string Protocol = "protocol";

    private static readonly Meter Meter = new("PricingCore");

    private static readonly UpDownCounter<int> Connections = Meter.CreateUpDownCounter<int>(
        "pricingcore.binary.connections", "{connection}", "Connections of the binary protocol.");

    private static readonly Counter<long> Quotes = Meter.CreateCounter<long>("pricingcore.binary.quotes", "{quote}", "Quotes answered over the binary protocol.");

    private static readonly Counter<long> Events = Meter.CreateCounter<long>("pricingcore.binary.events", "{event}", "Events brought over the binary protocol, refused ones among them.");

    private static readonly UpDownCounter<int> Streams = Meter.CreateUpDownCounter<int>("pricingcore.http.streams", "{stream}", "Open streams of live prices.");

    private static readonly Counter<long> Refused = Meter.CreateCounter<long>(
        "pricingcore.requests.refused", "{request}", "Requests refused for who sent them or how many they were, by protocol and reason.");

    /// <summary>Has everything be there with 0 before it is first counted: a rate sees the first of something only if it saw none before.</summary>
    public static void Begin()
    {
        Connections.Add(0);
        Quotes.Add(0);
        Events.Add(0);
        Streams.Add(0);
        string[] reasons = ["unauthenticated", "forbidden", "user_limit", "address_limit", "total_limit"];
        foreach (string protocol in (string[])["http", "binary"])
        {
            foreach (string reason in reasons)
            {
                Refused.Add(0, new KeyValuePair<string, object?>(Protocol, protocol), new KeyValuePair<string, object?>(Reason, reason));
            }
        }
    }

    /// <summary>Counts a connection of the binary protocol that begins (1) or ends (-1).</summary>
    public static void CountConnection(int change) => Connections.Add(change);

    /// <summary>Counts quotes over the binary protocol.</summary>
    public static void CountQuotes(int quotes) => Quotes.Add(quotes);

    /// <summary>Counts events over the binary protocol.</summary>
    public static void CountEvents(int events) => Events.Add(events);

    /// <summary>Counts a stream that begins (1) or ends (-1).</summary>
    public static void CountStream(int change) => Streams.Add(change);

    /// <summary>Counts a refused request over HTTP.</summary>
    /// <param name="reason"><c>unauthenticated</c>, <c>forbidden</c>, or the limit's name.</param>
    public static void CountRefusedHttp(string reason) => CountRefused("http", reason);

    /// <summary>Counts a refused hello or frame of the binary protocol.</summary>
    /// <param name="reason"><c>unauthenticated</c>, <c>forbidden</c>, <c>too_many_connections</c>, or the limit's name.</param>
    public static void CountRefusedBinary(string reason) => CountRefused("binary", reason);

    private static void CountRefused(string protocol, string reason) => Refused.Add(1, new KeyValuePair<string, object?>(Protocol, protocol), new KeyValuePair<string, object?>(Reason, reason));
}
