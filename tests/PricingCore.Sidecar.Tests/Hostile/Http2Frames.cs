using System.Buffers.Binary;
using System.Text;

namespace PricingCore.Sidecar.Tests.Hostile;

/// <summary>Frames of HTTP/2 (RFC 9113) as bytes, so that a test can send what no client would.</summary>
internal static class Http2Frames
{
    public const byte Data = 0;
    public const byte Headers = 1;
    public const byte ResetStream = 3;
    public const byte Settings = 4;
    public const byte Ping = 6;
    public const byte GoAway = 7;
    public const byte Continuation = 9;
    public const byte EndStream = 1;
    public const byte EndHeaders = 4;

    private const int HeadBytes = 9;

    /// <summary>What a connection begins with.</summary>
    public static byte[] Preface { get; } = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frame(Settings, 0, 0, [])];

    /// <summary>The headers of a request for a price, without its body.</summary>
    public static byte[] Question { get; } =
    [
        0x83, 0x86, // POST, http.
        .. Field(":path", "/api/v1/pricing/compute"), .. Field(":authority", "localhost"), .. Field("content-type", "application/json"),
    ];

    /// <summary>A frame.</summary>
    public static byte[] Frame(byte kind, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        byte[] frame = new byte[HeadBytes + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        frame[3] = kind;
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame.AsSpan(HeadBytes));
        return frame;
    }

    /// <summary>Says that the client will open no more streams: the server answers those there are, and closes.</summary>
    public static byte[] Farewell { get; } = Frame(GoAway, 0, 0, new byte[8]);

    /// <summary>The end of a stream that the client does not want any more.</summary>
    public static byte[] Reset(int stream) => Frame(ResetStream, 0, stream, [0, 0, 0, 8]);

    /// <summary>A header without compression.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <param name="isKept">Whether later headers may refer to it.</param>
    public static byte[] Field(string name, string value, bool isKept = false) => [(byte)(isKept ? 0x40 : 0), .. Text(name), .. Text(value)];

    /// <summary>The kinds of frames that bytes hold, each with its stream and the number that its payload begins or, of a farewell, goes on with.</summary>
    public static List<(byte Kind, int Stream, int Code)> Read(string latin1)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(latin1);
        var frames = new List<(byte, int, int)>();
        for (int at = 0; at + HeadBytes <= bytes.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at)) >>> 8;
            byte kind = bytes[at + 3];
            ReadOnlySpan<byte> payload = bytes.AsSpan(at + HeadBytes, Math.Min(length, bytes.Length - at - HeadBytes));
            ReadOnlySpan<byte> code = kind == GoAway && payload.Length >= 8 ? payload[4..] : payload;
            frames.Add((kind, BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at + 5)), code.Length >= 4 ? BinaryPrimitives.ReadInt32BigEndian(code) : 0));
            at += HeadBytes + length;
        }

        return frames;
    }

    private static byte[] Text(string text)
    {
        byte[] ascii = Encoding.ASCII.GetBytes(text);
        var length = new List<byte>();
        if (ascii.Length < 127)
        {
            length.Add((byte)ascii.Length);
        }
        else
        {
            length.Add(127);
            int rest = ascii.Length - 127;
            for (; rest >= 128; rest >>= 7)
            {
                length.Add((byte)((rest & 127) | 128));
            }

            length.Add((byte)rest);
        }

        return [.. length, .. ascii];
    }
}
