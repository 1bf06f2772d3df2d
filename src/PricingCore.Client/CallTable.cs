using System.Buffers;
using System.Collections.Concurrent;
using PricingCore.Protocol;

namespace PricingCore.Client;

/// <summary>The calls and subscriptions of a connection by their correlation ids, and the frames that are for them.</summary>
/// <threadsafety>Any thread; <see cref="Add"/> under the connection's lock, <see cref="TakeAll"/> by its receiver.</threadsafety>
internal sealed class CallTable
{
    private readonly ConcurrentDictionary<uint, Call> _calls = [];
    private readonly ConcurrentDictionary<uint, PriceSubscription> _subscriptions = [];
    private uint _lastCorrelation;

    /// <summary>Gives a call its correlation id and waits for its answer.</summary>
    public void Add(Call call)
    {
        do
        {
            call.Correlation = unchecked(++_lastCorrelation);
        }
        while (call.Correlation == 0 || _subscriptions.ContainsKey(call.Correlation) || !_calls.TryAdd(call.Correlation, call));

        if (call is SubscribeCall subscribe)
        {
            _subscriptions[call.Correlation] = subscribe.Subscription; // Prices may follow in the packet of the answer.
        }
    }

    /// <summary>Waits no more for a call's answer.</summary>
    /// <returns><see langword="false"/> when the answer is being taken, or was.</returns>
    public bool TryForget(Call call) => _calls.TryRemove(call.Correlation, out _);

    /// <summary>Takes no more prices of a subscription.</summary>
    public bool TryEndSubscription(uint correlation) => _subscriptions.TryRemove(correlation, out _);

    /// <summary>Fails every call, and wakes the readers of subscriptions.</summary>
    public void End(Exception reason)
    {
        foreach (uint correlation in _calls.Keys)
        {
            if (_calls.TryRemove(correlation, out Call? call))
            {
                call.Fail(reason);
            }
        }

        foreach (PriceSubscription subscription in _subscriptions.Values)
        {
            subscription.Wake();
        }
    }

    /// <summary>Hands out every frame that is there.</summary>
    /// <returns>Why the connection cannot go on; null when it can.</returns>
    public Exception? TakeAll(ref ReadOnlySequence<byte> buffer)
    {
        while (true)
        {
            FrameStatus status = FrameHeader.TryTake(ref buffer, int.MaxValue, out FrameHeader header, out ReadOnlySequence<byte> body);
            if (status == FrameStatus.Incomplete)
            {
                return null;
            }

            if (status != FrameStatus.Complete)
            {
                return new PricingConnectionException("The server sent what is not a frame.");
            }

            if (body.IsSingleSegment)
            {
                if (Take(header, body.FirstSpan) is { } wrong)
                {
                    return wrong;
                }

                continue;
            }

            byte[] copy = ArrayPool<byte>.Shared.Rent(header.BodyLength);
            body.CopyTo(copy);
            Exception? problem = Take(header, copy.AsSpan(0, header.BodyLength));
            ArrayPool<byte>.Shared.Return(copy);
            if (problem is not null)
            {
                return problem;
            }
        }
    }

    private Exception? Take(in FrameHeader header, ReadOnlySpan<byte> body)
    {
        if (header.Correlation == 0 && header.Kind == FrameKind.Error)
        {
            return ErrorBody.TryRead(body, out ErrorBody error) && error.Code != ProtocolErrorCode.Stopping
                ? new PricingProtocolException(error)
                : new PricingConnectionException("The server is stopping.");
        }

        if (header.Kind == FrameKind.Prices)
        {
            return !_subscriptions.TryGetValue(header.Correlation, out PriceSubscription? subscription) || subscription.TryTake(header, body)
                ? null
                : new PricingConnectionException("The server sent prices that cannot be read.");
        }

        return !_calls.TryRemove(header.Correlation, out Call? call) || call.Complete(header, body)
            ? null // An answer that nobody waits for was cancelled.
            : new PricingConnectionException("The server sent an answer that cannot be read.");
    }
}
