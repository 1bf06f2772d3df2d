using System.Text.Json;
using System.Text.Unicode;
using PricingCore.Cli.Replay.Input;
using PricingCore.Quotes;

namespace PricingCore.Cli.Replay.Requests;

/// <summary>Reads requests from JSON Lines. A bad line rejects that line only.</summary>
internal static class RequestFile
{
    private const string KnownFields = "request_id, region_id, product_type, at, base_price";

    private static readonly string[] Names = ["request_id", "region_id", "product_type", "at", "base_price"];

    /// <summary>Reads all requests into memory, some 150 bytes each.</summary>
    /// <param name="path">The file; gzip is known by its first bytes.</param>
    /// <param name="file">Its number in the rejects.</param>
    /// <param name="rejects">Where lines go that are no requests.</param>
    /// <exception cref="CommandFailedException">The file cannot be opened.</exception>
    public static async ValueTask<List<ReplayRequest>> ReadAsync(string path, int file, RejectLog rejects)
    {
        using InputFile input = InputFile.Open(path);
        await using var lines = new LineReader(input.Content);
        var pool = new Utf8StringPool();
        var requests = new List<ReplayRequest>();
        while (await lines.MoveNextAsync().ConfigureAwait(false))
        {
            if (lines.IsTooLong)
            {
                rejects.Add(file, lines.LineNumber, RejectLog.TooLong);
            }
            else if (lines.Line.IndexOfAnyExcept(" \t"u8) >= 0)
            {
                if (TryParse(lines.Line, lines.LineNumber, pool, out ReplayRequest request, out Problem problem))
                {
                    requests.Add(request);
                }
                else
                {
                    rejects.Add(file, lines.LineNumber, problem);
                }
            }
        }

        rejects.AddBroken(file, lines);
        return requests;
    }

    private static bool TryParse(ReadOnlySpan<byte> line, long number, Utf8StringPool pool, out ReplayRequest request, out Problem problem)
    {
        request = default;
        if (!Utf8.IsValid(line))
        {
            problem = new Problem(RejectReason.InvalidUtf8, "the line is not UTF-8");
            return false;
        }

        try
        {
            return TryReadFields(line, number, pool, out request, out problem);
        }
        catch (JsonException exception)
        {
            problem = new Problem(RejectReason.InvalidJson, $"broken at byte {exception.BytePositionInLine}: {Excerpt.Of(exception.Message.Split(". ")[0])}");
        }
        catch (InvalidOperationException)
        {
            problem = new Problem(RejectReason.InvalidUtf8, "an escaped character is not valid Unicode");
        }

        return false;
    }

    private static bool TryReadFields(ReadOnlySpan<byte> line, long number, Utf8StringPool pool, out ReplayRequest request, out Problem problem)
    {
        request = default;
        problem = default;
        string?[] texts = new string?[Names.Length];
        decimal? basePrice = null;
        int seen = 0;
        var reader = new Utf8JsonReader(line);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            problem = new Problem(RejectReason.WrongType, "the line must be one JSON object");
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            int field = Array.IndexOf(Names, name);
            if (field < 0 || (seen & (1 << field)) != 0)
            {
                problem = field < 0
                    ? new Problem(RejectReason.UnknownField, $"'{Excerpt.Of(name)}' is not a field of a request; known are {KnownFields}")
                    : new Problem(RejectReason.RepeatedField, $"'{name}' is given twice");
                return false;
            }

            seen |= 1 << field;
            reader.Read();
            if (reader.TokenType == JsonTokenType.Null)
            {
                continue;
            }

            if (!TryReadValue(ref reader, field, name, pool, texts, ref basePrice, out problem))
            {
                return false;
            }
        }

        if (reader.Read())
        {
            problem = new Problem(RejectReason.InvalidJson, "only one JSON object fits on a line");
            return false;
        }

        return TryBuild(texts, basePrice, number, out request, out problem);
    }

    private static bool TryReadValue(
        ref Utf8JsonReader reader, int field, string name, Utf8StringPool pool, string?[] texts, ref decimal? basePrice, out Problem problem)
    {
        problem = default;
        if (name == "base_price")
        {
            if (reader.TokenType == JsonTokenType.Number && reader.TryGetDecimal(out decimal price))
            {
                basePrice = price;
                return true;
            }

            problem = reader.TokenType == JsonTokenType.Number
                ? new Problem(RejectReason.NumberOutOfRange, "base_price is too large for an amount")
                : new Problem(RejectReason.WrongType, "base_price must be a number without quotes, such as 12.50");
            return false;
        }

        if (reader.TokenType != JsonTokenType.String)
        {
            problem = new Problem(RejectReason.WrongType, $"{name} must be a text in quotes");
            return false;
        }

        texts[field] = reader.ValueIsEscaped ? reader.GetString() : pool.Get(reader.ValueSpan);
        return true;
    }

    private static bool TryBuild(string?[] texts, decimal? basePrice, long line, out ReplayRequest request, out Problem problem)
    {
        request = default;
        if (texts[0] is not { } requestId || texts[1] is not { } region || texts[3] is not { } at)
        {
            problem = new Problem(RejectReason.MissingField, $"{(texts[0] is null ? "request_id" : texts[1] is null ? "region_id" : "at")} is missing");
            return false;
        }

        if (!TimeText.TryReadInstant(System.Text.Encoding.UTF8.GetBytes(at), "at", out DateTimeOffset instant, out problem))
        {
            return false;
        }

        request = new ReplayRequest(requestId, region, texts[2] ?? QuoteRequest.StandardProduct, instant, basePrice, line);
        return true;
    }
}
