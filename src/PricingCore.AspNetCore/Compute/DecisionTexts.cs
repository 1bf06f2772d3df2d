using System.Buffers;
using System.Numerics;
using System.Text.Encodings.Web;
using System.Text.Json;
using PricingCore.Quotes;
using PricingCore.Surge;

namespace PricingCore.AspNetCore.Compute;

/// <summary>The part of an answer that a decision alone determines, as JSON text that is made once for each decision.</summary>
/// <remarks>
/// A decision never changes and is read for seconds, so all but the id, the validity, the trace and the duration of an answer is the same for every request that brings no base price of its own.
/// Bounded: a place holds the latest decision of the regions and products whose hashes meet there.
/// </remarks>
/// <threadsafety>Any thread, without locks.</threadsafety>
internal sealed class DecisionTexts(int capacity)
{
    private static readonly JsonWriterOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly DecisionText?[] _places = new DecisionText[BitOperations.RoundUpToPowerOf2((uint)capacity)];

    [ThreadStatic]
    private static Scratch? _scratch;

    /// <summary>The fields from <c>region_id</c> to <c>rules_version</c>, without braces, in a buffer of this thread: good until its next call.</summary>
    public ReadOnlySpan<byte> Of(in Quote quote)
    {
        SurgeDecision decision = quote.Decision;
        Scratch scratch = _scratch ??= new Scratch();
        scratch.Bytes.ResetWrittenCount();
        if (quote.BasePrice != decision.Rule.BasePrice)
        {
            return Render(quote, scratch);
        }

        DecisionText place = PlaceOf(decision);
        if (place.TryCopy(decision, scratch.Bytes))
        {
            return scratch.Bytes.WrittenSpan;
        }

        ReadOnlySpan<byte> text = Render(quote, scratch);
        place.Replace(decision, text);
        return text;
    }

    private DecisionText PlaceOf(SurgeDecision decision)
    {
        ref DecisionText? place = ref _places[(int)(decision.Id.High & (ulong)(_places.Length - 1))];
        if (Volatile.Read(ref place) is { } known)
        {
            return known;
        }

        var made = new DecisionText();
        return Interlocked.CompareExchange(ref place, made, null) ?? made;
    }

    private static ReadOnlySpan<byte> Render(in Quote quote, Scratch scratch)
    {
        Utf8JsonWriter json = scratch.Json;
        json.Reset(scratch.Bytes);
        json.WriteStartObject();
        json.WriteString("region_id"u8, quote.Decision.RegionId);
        json.WriteString("product_type"u8, quote.Decision.ProductType);
        QuoteJson.WritePrice(json, quote);
        QuoteJson.WriteVersions(json, quote.Decision);
        json.WriteEndObject();
        json.Flush();
        return scratch.Bytes.WrittenSpan[1..^1];
    }

    private sealed class Scratch
    {
        public Scratch() => Json = new Utf8JsonWriter(Bytes, Format);

        public ArrayBufferWriter<byte> Bytes { get; } = new(2_048);

        public Utf8JsonWriter Json { get; }
    }
}
