using System.IO.Pipelines;
using PricingCore.Protocol;

namespace PricingCore.AspNetCore.Binary;

/// <summary>Ends a connection so that the client learns why.</summary>
internal static class LastWord
{
    private const int LingerBytes = 1_048_576;
    private static readonly TimeSpan LingerTime = TimeSpan.FromSeconds(1);

    /// <summary>Sends the error and reads on for a moment: closing with bytes unread would reset the connection, and the error would be lost.</summary>
    public static async Task SayAsync(PipeReader input, ConnectionOutput output, ErrorBody error, CancellationToken cancellationToken)
    {
        await output.EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            output.WriteError(0, error);
            if (!await output.FlushAsync(cancellationToken).ConfigureAwait(false))
            {
                return;
            }
        }
        finally
        {
            output.Exit();
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LingerTime);
        for (long read = 0; read < LingerBytes;)
        {
            ReadResult result = await input.ReadAsync(limit.Token).ConfigureAwait(false);
            read += result.Buffer.Length;
            input.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
            {
                return;
            }
        }
    }
}
