using System.Buffers;
using PricingCore.AspNetCore.Diagnostics;
using PricingCore.Protocol;

namespace PricingCore.AspNetCore.Binary;

/// <summary>Hands each frame to whoever answers its kind, after the checks that all kinds share.</summary>
/// <threadsafety>One thread: the connection's reader, with the output's gate.</threadsafety>
internal sealed class BinaryRequests
{
    private const ushort LastFatal = 99;

    private readonly BinaryProtocolOptions _options;
    private readonly ConnectionOutput _output;
    private readonly ConnectionNames _names;
    private readonly QuoteRequests _quotes;
    private readonly EventRequests _events;
    private readonly BinaryCaller _caller;
    private TimeSpan _retryAfter;

    public BinaryRequests(PricingEngine engine, BinaryProtocolOptions options, ConnectionOutput output, BinaryCaller caller, CancellationToken closed)
    {
        _options = options;
        _output = output;
        _caller = caller;
        _names = new ConnectionNames(engine, options.MaxNames);
        _quotes = new QuoteRequests(engine, _names, output, closed);
        _events = new EventRequests(engine, _names, output);
        Watch = new PriceWatch(engine, _names, output, options.MaxSubscribedPrices);
    }

    /// <summary>The connection's subscriptions.</summary>
    public PriceWatch Watch { get; }

    /// <summary>Answers a frame, or begins to.</summary>
    /// <returns>What ends the connection; null when it goes on.</returns>
    public ErrorBody? Answer(in FrameHeader header, in ReadOnlySequence<byte> body)
    {
        ProtocolErrorCode code = body.IsSingleSegment ? Dispatch(header, body.FirstSpan) : DispatchCopy(header, body);
        if (code == ProtocolErrorCode.None)
        {
            return null;
        }

        int retryAfterMs = code == ProtocolErrorCode.RateLimited ? (int)Math.Clamp(Math.Ceiling(_retryAfter.TotalMilliseconds), 1, int.MaxValue) : 0;
        var error = new ErrorBody(code, retryAfterMs, Explain(code));
        if ((ushort)code <= LastFatal)
        {
            return error;
        }

        _output.WriteError(header.Correlation, error);
        return null;
    }

    /// <summary>What an error says to people.</summary>
    public string Explain(ProtocolErrorCode code) => code switch
    {
        ProtocolErrorCode.Malformed => "A frame is not what its kind asks for; see docs/protocol.md.",
        ProtocolErrorCode.TooLong => FormattableString.Invariant($"A frame may have {_options.MaxFrameBytes} bytes."),
        ProtocolErrorCode.HelloExpected => "The first frame is a hello, and no other is.",
        ProtocolErrorCode.Names => FormattableString.Invariant($"Names are numbered from 0 without gaps, {_options.MaxNames} at most, of {ProtocolConstants.MaxNameLength} characters at most."),
        ProtocolErrorCode.Forbidden => "The credential does not allow this.",
        ProtocolErrorCode.RateLimited => "Too many requests; wait before trying again.",
        ProtocolErrorCode.TooMany => FormattableString.Invariant($"A batch may have {_options.MaxQuotesInBatch} quotes or {_options.MaxEventsInBatch} events, and 1 at least."),
        ProtocolErrorCode.UnknownName => "A number of a name was used before a names frame gave it one.",
        ProtocolErrorCode.Subscription => FormattableString.Invariant($"The subscription is not known, has a number that another has, or there are more than {_options.MaxSubscribedPrices} prices."),
        ProtocolErrorCode.UnknownKind => "The frame's kind is not known to this version.",
        _ => code.ToString(),
    };

    private ProtocolErrorCode DispatchCopy(in FrameHeader header, in ReadOnlySequence<byte> body)
    {
        // A body that lies in several blocks of the transport: 4 KB are copied in about 100 ns, less than reading across them costs.
        byte[] copy = ArrayPool<byte>.Shared.Rent(header.BodyLength);
        body.CopyTo(copy);
        ProtocolErrorCode code = Dispatch(header, copy.AsSpan(0, header.BodyLength));
        ArrayPool<byte>.Shared.Return(copy);
        return code;
    }

    private ProtocolErrorCode Dispatch(in FrameHeader header, ReadOnlySpan<byte> body)
    {
        switch (header.Kind)
        {
            case FrameKind.QuoteBatch:
                return Check(_caller.MayQuote, header.Count, _options.MaxQuotesInBatch) is var batch and not ProtocolErrorCode.None ? batch
                    : body.Length != header.Count * LaneEntry.Size ? ProtocolErrorCode.Malformed
                    : _quotes.AnswerBatch(header, body);
            case FrameKind.Quote:
                return Check(_caller.MayQuote, count: 1, most: 1) is var one and not ProtocolErrorCode.None ? one : _quotes.AnswerOne(header, body);
            case FrameKind.Publish:
                return Check(_caller.MayPublish, header.Count, _options.MaxEventsInBatch) is var events and not ProtocolErrorCode.None ? events
                    : _events.Publish(header, body);
            case FrameKind.Names:
                return _names.TryAdd(body, header.Count) ? ProtocolErrorCode.None : ProtocolErrorCode.Names;
            case FrameKind.Subscribe:
                return Check(_caller.MayQuote, count: 1, most: 1) is var watch and not ProtocolErrorCode.None ? watch
                    : body.Length != header.Count * LaneEntry.Size ? ProtocolErrorCode.Malformed
                    : Watch.Subscribe(header, body);
            case FrameKind.Unsubscribe:
                return Watch.Unsubscribe(header, body);
            case FrameKind.Ping:
                if (body.Length != sizeof(long))
                {
                    return ProtocolErrorCode.Malformed;
                }

                _output.WriteSmall(FrameKind.Pong, header.Correlation, body);
                return ProtocolErrorCode.None;
            case FrameKind.Hello:
                return ProtocolErrorCode.HelloExpected;
            default:
                return ProtocolErrorCode.UnknownKind;
        }
    }

    private ProtocolErrorCode Check(bool isAllowed, int count, int most)
    {
        if (!isAllowed)
        {
            ServiceMeters.CountRefusedBinary("forbidden");
            return ProtocolErrorCode.Forbidden;
        }

        return count < 1 || count > most ? ProtocolErrorCode.TooMany
            : _caller.TryTake(count, out _retryAfter) ? ProtocolErrorCode.None
            : ProtocolErrorCode.RateLimited;
    }
}
