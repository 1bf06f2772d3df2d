using Microsoft.AspNetCore.Http;
using PricingCore.AspNetCore.Admin;
using PricingCore.AspNetCore.Bodies;

namespace PricingCore.AspNetCore.Operations;

/// <summary>The OpenAPI document of the interface. Written by hand, since the endpoints have no types to make it from; a test compares it with what they answer.</summary>
internal static class OpenApiDocument
{
    private static readonly Lazy<byte[]> Bytes = new(() =>
    {
        using Stream resource = typeof(OpenApiDocument).Assembly.GetManifestResourceStream("openapi.json")!;
        byte[] bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return bytes;
    });

    private static readonly Lazy<string> Hash = new(() => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Bytes.Value))[..16]);

    /// <summary><c>GET /openapi.json</c>.</summary>
    public static Task GetAsync(HttpContext context)
    {
        context.Response.Headers.ETag = EntityTags.Of(Hash.Value);
        context.Response.Headers.CacheControl = "public, max-age=300";
        if (EntityTags.IsKnown(context.Request, Hash.Value))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
        }
        else
        {
            JsonAnswer.Write(context, Bytes.Value);
        }

        return Task.CompletedTask;
    }
}
