using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace PricingCore.Sidecar;

/// <summary>Lets a client that has sent its whole request and then closes its sending half have its answer, as TCP and RFC 9112 allow.</summary>
/// <remarks>
/// Kestrel takes the end of what comes in for the end of the connection, and resets it whatever is still to be answered. It learns of that end in three ways. The token of the
/// connection is cancelled after a while only; the pipe's callback is not called; and a read that has the last bytes says that they are the last only when all of them were looked at,
/// since a body that is whole would be taken for one that ended early. A client that is gone is noticed by the answer that cannot be written, or after that while.
/// </remarks>
internal static class HalfClosedClients
{
    /// <summary>Serves them on a listener of HTTP/1.1.</summary>
    /// <param name="listen">The listener.</param>
    /// <param name="patience">How long an answer may take after the client has closed its half.</param>
    public static void Serve(ListenOptions listen, TimeSpan patience) => listen.Use(next => async connection =>
    {
        using var gone = new CancellationTokenSource();
        using CancellationTokenRegistration closing = connection.ConnectionClosed.UnsafeRegister(_ => gone.CancelAfter(patience), null);
        connection.ConnectionClosed = gone.Token;
        connection.Transport = new Halves(new QuietReader(connection.Transport.Input), connection.Transport.Output);
        await next(connection).ConfigureAwait(false);
    });

    private sealed record Halves(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    /// <summary>Says that it is at the end only to who has looked at everything before, and calls nobody: <see cref="PipeReader.OnWriterCompleted"/> stays the one that does nothing.</summary>
    private sealed class QuietReader(PipeReader inner) : PipeReader
    {
        private SequencePosition _end;
        private bool _hidesEnd;
        private bool _isEndSeen;

        public override bool TryRead(out ReadResult result)
        {
            bool hasRead = inner.TryRead(out result);
            result = hasRead ? Hide(result) : result;
            return hasRead;
        }

        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        {
            ValueTask<ReadResult> read = inner.ReadAsync(cancellationToken);
            return read.IsCompletedSuccessfully ? new ValueTask<ReadResult>(Hide(read.Result)) : WaitAsync(read);
        }

        public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
        {
            _isEndSeen = _hidesEnd && examined.Equals(_end);
            inner.AdvanceTo(consumed, examined);
        }

        public override void CancelPendingRead() => inner.CancelPendingRead();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

        [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
        private async ValueTask<ReadResult> WaitAsync(ValueTask<ReadResult> read) => Hide(await read.ConfigureAwait(false));

        private ReadResult Hide(in ReadResult result)
        {
            _hidesEnd = result.IsCompleted && !_isEndSeen && !result.Buffer.IsEmpty;
            if (!_hidesEnd)
            {
                return result;
            }

            _end = result.Buffer.End;
            return new ReadResult(result.Buffer, result.IsCanceled, isCompleted: false);
        }
    }
}
