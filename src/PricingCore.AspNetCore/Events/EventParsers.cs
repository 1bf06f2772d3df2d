using System.Collections.Concurrent;
using PricingCore.Events.Json;

namespace PricingCore.AspNetCore.Events;

/// <summary>Parsers of events, lent to one request at a time: each remembers the texts it has made, so it should live long.</summary>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class EventParsers(PricingEndpointOptions options)
{
    private const int MostKept = 32;

    private readonly ConcurrentQueue<JsonEventParser> _free = new();

    /// <summary>A parser for this request alone.</summary>
    public JsonEventParser Rent() =>
        _free.TryDequeue(out JsonEventParser? parser) ? parser : new JsonEventParser { IgnoresUnknownFields = options.UnknownFields == UnknownFields.Ignore };

    /// <summary>Gives it back.</summary>
    public void Return(JsonEventParser parser)
    {
        if (_free.Count < MostKept)
        {
            _free.Enqueue(parser);
        }
    }
}
