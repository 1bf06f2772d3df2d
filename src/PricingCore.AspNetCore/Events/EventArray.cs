using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using PricingCore.AspNetCore.Bodies;
using PricingCore.AspNetCore.Problems;

namespace PricingCore.AspNetCore.Events;

/// <summary>Finds the objects of a body that is one object or an array of them, so that the whole body is known to be JSON before any event is taken.</summary>
internal static class EventArray
{
    /// <summary>Finds the items.</summary>
    /// <param name="json">The body.</param>
    /// <param name="options">How many there may be, and how deep.</param>
    /// <param name="items">Where each is.</param>
    /// <param name="problem">What is wrong with the body.</param>
    public static bool TryFind(ReadOnlySpan<byte> json, PricingEndpointOptions options, out List<Range> items, out Problem problem)
    {
        items = [];
        problem = default;
        if (!Utf8.IsValid(json))
        {
            problem = new Problem(ProblemType.InvalidUtf8, "The body holds bytes that are not UTF-8.");
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = options.MaxDepth });
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                Add(ref reader, items);
            }
            else if (reader.TokenType != JsonTokenType.StartArray)
            {
                problem = new Problem(ProblemType.WrongType, "The body must be an object or an array of objects.", Legal: "an event, or an array of events");
            }
            else
            {
                AddAll(ref reader, items, options.MaxBatchEvents, out problem);
            }

            reader.Read(); // Refuses what follows.
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            problem = JsonFault.Of(fault, options.MaxDepth);
        }

        return problem.IsNone;
    }

    private static void AddAll(ref Utf8JsonReader reader, List<Range> items, int most, out Problem problem)
    {
        problem = default;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Add(ref reader, items);
        }

        if (items.Count == 0 || items.Count > most)
        {
            problem = new Problem(
                ProblemType.OutOfRange, string.Create(CultureInfo.InvariantCulture, $"The array has {items.Count} events."),
                Legal: string.Create(CultureInfo.InvariantCulture, $"1 to {most:N0} events; send more as lines (application/x-ndjson)"));
        }
    }

    private static void Add(ref Utf8JsonReader reader, List<Range> items)
    {
        int start = (int)reader.TokenStartIndex;
        reader.Skip();
        items.Add(start..(int)reader.BytesConsumed);
    }
}
