using System.IO.Pipelines;
using PricingCore.Protocol;

namespace PricingCore.Client;

/// <summary>A request that is under way: writes its frame, and takes its answer.</summary>
/// <threadsafety>Written under the connection's lock; completed once, by the receiver or by the connection's end.</threadsafety>
internal abstract class Call
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Quotes or events in it, for the in-flight limit.</summary>
    public virtual int Items => 1;

    /// <summary>Completes when the answer is there and taken.</summary>
    public Task Done => _done.Task;

    /// <summary>The correlation id; set when it is sent.</summary>
    public uint Correlation { get; set; }

    /// <summary>Writes the frame.</summary>
    public abstract void Write(PipeWriter output, NameNumbers names, in WelcomeBody limits);

    /// <summary>Takes the answer.</summary>
    /// <returns><see langword="false"/> when it is not one: the server does not speak this protocol.</returns>
    public bool Complete(in FrameHeader header, ReadOnlySpan<byte> body)
    {
        if (header.Kind == FrameKind.Error)
        {
            bool isError = ErrorBody.TryRead(body, out ErrorBody error);
            Fail(isError ? new PricingProtocolException(error) : new PricingConnectionException("The server sent an error that cannot be read."));
            return isError;
        }

        bool isAnswer = TryTake(header, body);
        if (isAnswer)
        {
            _done.TrySetResult();
        }
        else
        {
            Fail(new PricingConnectionException("The server sent an answer that cannot be read."));
        }

        return isAnswer;
    }

    /// <summary>Ends the call without an answer.</summary>
    public void Fail(Exception reason) => _done.TrySetException(reason);

    /// <summary>Reads the answer.</summary>
    protected abstract bool TryTake(in FrameHeader header, ReadOnlySpan<byte> body);

    /// <summary>Writes a frame whose body is written by a function into a span that is long enough.</summary>
    protected void WriteFrame(PipeWriter output, FrameKind kind, int count, int bodyLength, Span<byte> frame)
    {
        new FrameHeader(kind, count, Correlation, bodyLength).Write(frame);
        output.Advance(FrameHeader.Size + bodyLength);
    }
}
