using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using PricingCore.Protocol;
using PricingCore.Quotes;

namespace PricingCore.Load.Binary;

/// <summary>A connection that keeps so many batches under way and checks every answer; no allocation while it runs.</summary>
internal sealed class BinaryClient : IDisposable
{
    public const int BatchSize = 256;
    public const int RequestBytes = FrameHeader.Size + (BatchSize * LaneEntry.Size);
    public const int AnswerBytes = FrameHeader.Size + (BatchSize * PriceEntry.Size);

    private const int UnderWay = 8;
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _requests = new byte[UnderWay * RequestBytes];
    private readonly byte[] _received = new byte[1 << 18];

    public BinaryClient(int port)
    {
        _socket.Connect(IPAddress.Loopback, port);
        var hello = new HelloBody(1, 1, ProtocolFeatures.None, "load", "");
        byte[] body = new byte[hello.MaxBytes];
        SendFrame(FrameKind.Hello, 0, body.AsSpan(0, hello.Write(body)));
        Receive(0, FrameHeader.Size + WelcomeBody.Size);
        SendNames();
        for (int i = 0; i < UnderWay; i++)
        {
            WriteRequest(_requests.AsSpan(i * RequestBytes));
        }
    }

    /// <summary>Asks for so long.</summary>
    /// <returns>Quotes answered.</returns>
    public long Run(TimeSpan time)
    {
        long begin = Stopwatch.GetTimestamp();
        uint sent = 0;
        uint answered = 0;
        int kept = 0;
        Send(UnderWay, ref sent);
        while (answered != sent)
        {
            int length = kept + Receive(kept, 1);
            int at = 0;
            int frames = 0;
            for (; length - at >= AnswerBytes; at += AnswerBytes, frames++)
            {
                Check(_received.AsSpan(at, AnswerBytes), ++answered);
            }

            kept = length - at;
            Buffer.BlockCopy(_received, at, _received, 0, kept);
            if (Stopwatch.GetElapsedTime(begin) < time)
            {
                Send(frames, ref sent);
            }
        }

        return (long)answered * BatchSize;
    }

    public void Dispose() => _socket.Dispose();

    private static void Check(ReadOnlySpan<byte> frame, uint correlation)
    {
        long least = long.MaxValue;
        int wrong = 0;
        for (int i = 0; i < BatchSize; i++)
        {
            ReadOnlySpan<byte> entry = frame.Slice(FrameHeader.Size + (i * PriceEntry.Size), PriceEntry.Size);
            least = Math.Min(least, BinaryPrimitives.ReadInt64LittleEndian(entry));
            wrong |= entry[44];
        }

        if (FrameHeader.TryRead(frame, int.MaxValue, out FrameHeader header) != FrameStatus.Complete || header.Kind != FrameKind.QuotedBatch
            || header.Count != BatchSize || header.Correlation != correlation || least < 1_200 || wrong != 0)
        {
            throw new InvalidOperationException($"Wrong answer: {header}, least price {least}, refusal {(QuoteRefusal)wrong}.");
        }
    }

    private static void WriteRequest(Span<byte> frame)
    {
        new FrameHeader(FrameKind.QuoteBatch, BatchSize, 0, RequestBytes - FrameHeader.Size).Write(frame);
        for (int i = 0; i < BatchSize; i++)
        {
            new LaneEntry(1 + (i * 37 % BinaryServer.Regions), 0, ProtocolConstants.NotGiven).Write(frame[(FrameHeader.Size + (i * LaneEntry.Size))..]);
        }
    }

    private void Send(int frames, ref uint sent)
    {
        if (frames == 0)
        {
            return;
        }

        for (int i = 0; i < frames; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(_requests.AsSpan((i * RequestBytes) + 8), ++sent);
        }

        _socket.Send(_requests.AsSpan(0, frames * RequestBytes));
    }

    /// <summary>Receives at least so many bytes behind those that are kept.</summary>
    private int Receive(int kept, int least)
    {
        int got = 0;
        while (got < least)
        {
            int more = _socket.Receive(_received.AsSpan(kept + got));
            got += more > 0 ? more : throw new InvalidOperationException("The server closed the connection.");
        }

        return got;
    }

    private void SendNames()
    {
        byte[] body = new byte[32_768];
        var writer = new BodyWriter(body);
        writer.Write(0);
        writer.WriteText(QuoteRequest.StandardProduct);
        for (int i = 0; i < BinaryServer.Regions; i++)
        {
            writer.WriteText(BinaryServer.NameOf(i));
        }

        SendFrame(FrameKind.Names, BinaryServer.Regions + 1, body.AsSpan(0, writer.Length));
    }

    private void SendFrame(FrameKind kind, int count, ReadOnlySpan<byte> body)
    {
        byte[] frame = new byte[FrameHeader.Size + body.Length];
        new FrameHeader(kind, count, 1, body.Length).Write(frame);
        body.CopyTo(frame.AsSpan(FrameHeader.Size));
        _socket.Send(frame);
    }
}
