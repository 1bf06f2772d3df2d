namespace PricingCore.Testing.Files;

/// <summary>The content of a file: bytes, and zeros behind them up to a length.</summary>
internal sealed class SimulatedBytes
{
    private byte[] _bytes = [];

    public long Length { get; private set; }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        int end = checked((int)(offset + bytes.Length));
        if (end > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(end, Math.Min(_bytes.Length * 2, int.MaxValue / 2)));
        }

        bytes.CopyTo(_bytes.AsSpan((int)offset));
        Length = Math.Max(Length, end);
    }

    public int Read(long offset, Span<byte> target)
    {
        int count = (int)Math.Clamp(Length - offset, 0, target.Length);
        target[..count].Clear();
        int held = (int)Math.Clamp(_bytes.Length - offset, 0, count);
        if (held > 0)
        {
            _bytes.AsSpan((int)offset, held).CopyTo(target);
        }

        return count;
    }

    public void SetLength(long length)
    {
        if (length < _bytes.Length)
        {
            _bytes.AsSpan((int)length).Clear();
        }

        Length = length;
    }

    public SimulatedBytes Copy() => new() { _bytes = [.. _bytes], Length = Length };
}
