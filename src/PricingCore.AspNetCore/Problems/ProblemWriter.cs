using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace PricingCore.AspNetCore.Problems;

/// <summary>Answers with problem details (RFC 9457).</summary>
internal static class ProblemWriter
{
    private const string ContentType = "application/problem+json";
    private const string RetryAfterSeconds = "1";
    private const int MostParts = 100; // Of the up to 10,000 errors that a rules file may have.

    private static readonly JsonWriterOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the answer; does nothing when one has begun.</summary>
    /// <param name="context">The request.</param>
    /// <param name="problem">What is wrong.</param>
    /// <param name="requestId">The request's id, as UTF-8 that may stand between quotes; empty when it is not known.</param>
    public static Task WriteAsync(HttpContext context, Problem problem, ReadOnlyMemory<byte> requestId = default)
    {
        HttpResponse response = context.Response;
        if (response.HasStarted)
        {
            return Task.CompletedTask;
        }

        response.StatusCode = problem.Type.Status;
        response.ContentType = ContentType;
        response.Headers.CacheControl = "no-store";
        if (problem.Type.IsTemporary && response.Headers.RetryAfter.Count == 0)
        {
            response.Headers.RetryAfter = RetryAfterSeconds;
        }

        Tracing.SetHeaders(context);
        using var json = new Utf8JsonWriter(response.BodyWriter, Format);
        Write(json, problem, requestId.Span, Tracing.IdOf(context));
        return Task.CompletedTask; // The server flushes when the request ends.
    }

    /// <summary>Writes a problem as an object.</summary>
    public static void Write(Utf8JsonWriter json, in Problem problem, ReadOnlySpan<byte> requestId, string? traceId)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, problem.Type.Uri);
        json.WriteString("title"u8, problem.Type.Title);
        json.WriteNumber("status"u8, problem.Type.Status);
        json.WriteString("detail"u8, problem.Detail);
        if (problem.Field is not null)
        {
            json.WriteString("field"u8, problem.Field);
        }

        if (problem.Legal is not null)
        {
            json.WriteString("legal"u8, problem.Legal);
        }

        if (problem.Parts is { Count: > 0 })
        {
            WriteParts(json, problem.Parts);
        }

        if (!requestId.IsEmpty)
        {
            json.WritePropertyName("request_id"u8);
            json.WriteRawValue([(byte)'"', .. requestId, (byte)'"'], skipInputValidation: true);
        }

        if (traceId is not null)
        {
            json.WriteString("trace_id"u8, traceId);
        }

        json.WriteEndObject();
    }

    private static void WriteParts(Utf8JsonWriter json, IReadOnlyList<ProblemPart> parts)
    {
        json.WriteStartArray("errors"u8);
        foreach (ProblemPart part in parts.Take(MostParts))
        {
            json.WriteStartObject();
            json.WriteString("field"u8, part.Field);
            json.WriteString("detail"u8, part.Detail);
            if (part.Line > 0)
            {
                json.WriteNumber("line"u8, part.Line);
                json.WriteNumber("column"u8, part.Column);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (parts.Count > MostParts)
        {
            json.WriteString("more"u8, string.Create(CultureInfo.InvariantCulture, $"{parts.Count - MostParts} further errors are not listed"));
        }
    }
}
