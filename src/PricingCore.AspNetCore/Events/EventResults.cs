using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using PricingCore.AspNetCore.Problems;
using PricingCore.Events;
using PricingCore.Events.Json;
using EventProblem = PricingCore.Events.Json.Problem;

namespace PricingCore.AspNetCore.Events;

/// <summary>What became of the events of one request. Bounded: of a long stream the counts are exact, and the first thousand events that were not taken are listed.</summary>
/// <threadsafety>One request at a time.</threadsafety>
internal sealed class EventResults(bool listsAccepted, int mostListed)
{
    private const string WordForAccepted = "accepted";
    private const string WordForDuplicate = "duplicate";
    private const string WordForRefused = "refused";

    private static readonly JsonWriterOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<Item> _items = [];
    private long _accepted;
    private long _duplicates;
    private long _refused;
    private ProblemType? _type;

    /// <summary>Whether every event was taken, now or before.</summary>
    public bool AreAllTaken => _refused == 0;

    /// <summary>Whether none was.</summary>
    public bool IsNoneTaken => _accepted + _duplicates == 0 && _refused > 0;

    /// <summary>Takes in what became of published events.</summary>
    public void Add(EventChunk chunk)
    {
        ReadOnlySpan<Rejection> outcomes = chunk.Outcomes;
        if (!listsAccepted && !outcomes.ContainsAnyExcept(Rejection.None))
        {
            _accepted += outcomes.Length;
            return;
        }

        for (int i = 0; i < outcomes.Length; i++)
        {
            Add(chunk.Indexes[i], outcomes[i]);
        }
    }

    /// <summary>Takes in an event that could not be read.</summary>
    public void Add(int index, in EventProblem problem)
    {
        _refused++;
        Refuse(EventProblems.TypeOf(problem.Reason));
        List(new Item(index, WordForRefused, problem.Reason, problem.Detail));
    }

    /// <summary>The answer.</summary>
    public ReadOnlyMemory<byte> ToJson()
    {
        var bytes = new ArrayBufferWriter<byte>(256 + (64 * _items.Count));
        using (var json = new Utf8JsonWriter(bytes, Format))
        {
            json.WriteStartObject();
            json.WriteNumber("accepted"u8, _accepted);
            json.WriteNumber("duplicates"u8, _duplicates);
            json.WriteNumber("refused"u8, _refused);
            json.WriteStartArray("results"u8);
            foreach (Item item in _items.OrderBy(item => item.Index))
            {
                json.WriteStartObject();
                json.WriteNumber("index"u8, item.Index);
                json.WriteString("status"u8, item.Status);
                if (item.Reason is not null)
                {
                    json.WriteString("reason"u8, item.Reason);
                    json.WriteString("detail"u8, item.Detail);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
            if (_duplicates + _refused + (listsAccepted ? _accepted : 0) - _items.Count is var left and > 0)
            {
                json.WriteNumber("not_listed"u8, left);
            }

            json.WriteEndObject();
        }

        return bytes.WrittenMemory;
    }

    /// <summary>The problem, when none was taken.</summary>
    public Problems.Problem ToProblem()
    {
        ProblemType type = _type ?? ProblemType.EventsRefused;
        Item first = _items.MinBy(item => item.Index);
        return _refused == 1
            ? new Problems.Problem(type, $"{first.Detail}.", Field: EventProblems.FieldOf(first.Reason!, first.Detail!), Legal: EventProblems.LegalOf(first.Reason!))
            : new Problems.Problem(type, $"None of the {_refused} events was taken.")
            {
                Parts = [.. _items.OrderBy(item => item.Index).Select(item => new ProblemPart($"events[{item.Index}]", $"{item.Reason}: {item.Detail}"))],
            };
    }

    private void Add(int index, Rejection outcome)
    {
        switch (outcome)
        {
            case Rejection.None:
                _accepted++;
                if (listsAccepted)
                {
                    List(new Item(index, WordForAccepted, null, null));
                }

                break;
            case Rejection.Duplicate:
                _duplicates++;
                List(new Item(index, WordForDuplicate, RejectReason.Of(outcome), RefusalProblems.Explain(outcome)));
                break;
            default:
                _refused++;
                Refuse(RefusalProblems.TypeOf(outcome));
                List(new Item(index, WordForRefused, RejectReason.Of(outcome), RefusalProblems.Explain(outcome)));
                break;
        }
    }

    /// <summary>One type when all are refused for the same.</summary>
    private void Refuse(ProblemType type) => _type = _type is null || _type == type ? type : ProblemType.EventsRefused;

    private void List(in Item item)
    {
        if (_items.Count < mostListed)
        {
            _items.Add(item);
        }
    }

    private readonly record struct Item(int Index, string Status, string? Reason, string? Detail);
}
