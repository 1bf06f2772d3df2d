using System.IO.Pipelines;
using PricingCore.Protocol;

namespace PricingCore.Client;

/// <summary>The numbers of a connection's names; a name that is used for the first time is sent ahead of the frame that uses it.</summary>
/// <threadsafety>Whoever holds the connection's lock for sending.</threadsafety>
internal sealed class NameNumbers(PipeWriter output, int capacity)
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);

    /// <summary>The number of a name; -1 for null.</summary>
    /// <exception cref="PricingProtocolException">There are as many names as the server allows.</exception>
    public int Of(string? name)
    {
        if (name is null)
        {
            return ProtocolConstants.NotGiven;
        }

        if (name.Length > ProtocolConstants.MaxNameLength)
        {
            name = name[..(ProtocolConstants.MaxNameLength + 1)]; // Still too long, so that the engine refuses it.
        }

        return _numbers.TryGetValue(name, out int number) ? number : Send(name);
    }

    private int Send(string name)
    {
        int number = _numbers.Count;
        if (number >= capacity)
        {
            throw new PricingProtocolException(new ErrorBody(
                ProtocolErrorCode.Names, 0, FormattableString.Invariant($"The server allows {capacity} names of regions and products on a connection.")));
        }

        Span<byte> frame = output.GetSpan(FrameHeader.Size + sizeof(int) + BodyWriter.MaxTextBytes(name));
        var writer = new BodyWriter(frame[FrameHeader.Size..]);
        writer.Write(number);
        writer.WriteText(name);
        new FrameHeader(FrameKind.Names, 1, 0, writer.Length).Write(frame);
        output.Advance(FrameHeader.Size + writer.Length);
        _numbers.Add(name, number);
        return number;
    }
}
