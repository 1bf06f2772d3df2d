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

    /// <summary>Takes the body if all of it is there already, as it is when a small one came with its head. Else nothing has happened: <see cref="ReadAsync"/> waits for it.</summary>
    public static bool TryRead(HttpRequest request, int maxBytes, out ReadOnlySequence<byte> body)
    {
        body = default;
        try
        {
            if (!request.BodyReader.TryRead(out ReadResult read))
            {
                return false;
            }

            body = read.Buffer;
            if (read.IsCompleted && body.Length <= maxBytes)
            {
                return true;
            }

            request.BodyReader.AdvanceTo(body.Start); // Not examined: the next read gives it again.
            return false;
        }
        catch (IOException)
        {
            return false; // The next read says the same, and there it is answered.
        }
    }

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
                read = await reader.ReadAsync(CancellationToken.None).ConfigureAwait(false); // The server ends it when the client goes.
            }
            catch (IOException fault)
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

    /// <summary>What the server's own complaint about a body is to a client: a <see cref="BadHttpRequestException"/>, or what it makes of chunks that it cannot count.</summary>
    public static Problem Of(IOException fault, int maxBytes) => fault is BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }
        ? TooLarge(maxBytes)
        : new Problem(ProblemType.IncompleteBody, "The body ended early, came too slowly, or its chunks are broken.");
}
