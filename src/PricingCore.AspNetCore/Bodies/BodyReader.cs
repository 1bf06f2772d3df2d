using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using PricingCore.AspNetCore.Problems;

namespace PricingCore.AspNetCore.Bodies;

/// <summary>Reads a whole body of limited size from the request's pipe.</summary>
internal static class BodyReader
{
    /// <summary>The problem with a body that is too large.</summary>
    public static Problem TooLarge(int maxBytes) => new(
        ProblemType.BodyTooLarge, "The body has more bytes than are read here.", Legal: string.Create(CultureInfo.InvariantCulture, $"at most {maxBytes:N0} bytes"));

    /// <summary>Whether the request's headers already say that its body is too large.</summary>
    public static bool IsTooLarge(HttpRequest request, int maxBytes) => request.ContentLength > maxBytes;

    /// <summary>Waits until all of the body is in the pipe, and takes none of it out: the caller advances the reader.</summary>
    /// <returns>The body, or why there is none.</returns>
    public static async ValueTask<(ReadOnlySequence<byte> Body, Problem Problem)> ReadAsync(HttpContext context, int maxBytes)
    {
        if (IsTooLarge(context.Request, maxBytes))
        {
            return (default, TooLarge(maxBytes));
        }

        PipeReader reader = context.Request.BodyReader;
        while (true)
        {
            ReadResult read;
            try
            {
                read = await reader.ReadAsync(context.RequestAborted).ConfigureAwait(false);
            }
            catch (BadHttpRequestException fault)
            {
                return (default, Of(fault, maxBytes));
            }

            if (read.Buffer.Length > maxBytes)
            {
                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                return (default, TooLarge(maxBytes));
            }

            if (read.IsCompleted)
            {
                return (read.Buffer, default);
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>What the server's own complaint about a body is to a client.</summary>
    public static Problem Of(BadHttpRequestException fault, int maxBytes) => fault.StatusCode == StatusCodes.Status413PayloadTooLarge
        ? TooLarge(maxBytes)
        : new Problem(ProblemType.IncompleteBody, "The body ended early, came too slowly, or its chunks are broken.");
}
