using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace PricingCore.AspNetCore.Bodies;

/// <summary>Writes a JSON answer that is there as bytes, with its length, into the response's pipe. The server flushes when the request ends.</summary>
internal static class JsonAnswer
{
    /// <summary>Writes the answer.</summary>
    public static void Write(HttpContext context, ReadOnlySpan<byte> json, int status = StatusCodes.Status200OK)
    {
        SetHead(context, json.Length, status);
        PipeWriter writer = context.Response.BodyWriter;
        json.CopyTo(writer.GetSpan(json.Length));
        writer.Advance(json.Length);
    }

    /// <summary>Says what comes.</summary>
    public static void SetHead(HttpContext context, int length, int status)
    {
        HttpResponse response = context.Response;
        response.StatusCode = status;
        response.ContentType = MediaTypes.Json;
        response.ContentLength = length;
        Tracing.SetHeaders(context);
    }
}
