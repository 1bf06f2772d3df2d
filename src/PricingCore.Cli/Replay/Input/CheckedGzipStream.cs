using System.IO.Compression;

namespace PricingCore.Cli.Replay.Input;

/// <summary>Decompresses gzip, and throws when the data ends early, which <see cref="GZipStream"/> takes for a normal end.</summary>
/// <remarks>
/// Method: the compressed bytes are followed by one more gzip member with known content. What comes out before the
/// decompressor asks for that member is sound; after it, exactly the known content must come out, or the file was cut.
/// Files of several members are read as one.
/// </remarks>
internal sealed class CheckedGzipStream : Stream
{
    private static readonly byte[] Mark = "end of the checked gzip stream"u8.ToArray();
    private static readonly byte[] MarkMember = Compress(Mark);

    private readonly FollowedStream _compressed;
    private readonly GZipStream _gzip;

    public CheckedGzipStream(Stream compressed)
    {
        _compressed = new FollowedStream(compressed, MarkMember);
        _gzip = new GZipStream(_compressed, CompressionMode.Decompress);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (_compressed.TailReached)
        {
            return 0;
        }

        int read = _gzip.Read(buffer);
        if (!_compressed.TailReached)
        {
            return read;
        }

        RequireMark(buffer[..read]);
        return 0;
    }

    // Reading a file blocks either way; a completed task spares the pipe a switch of threads.
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _gzip.Dispose();
        }

        base.Dispose(disposing);
    }

    private void RequireMark(ReadOnlySpan<byte> first)
    {
        Span<byte> found = stackalloc byte[Mark.Length + 1];
        int length = Math.Min(first.Length, found.Length);
        first[..length].CopyTo(found);
        int read;
        while (length < found.Length && (read = _gzip.Read(found[length..])) > 0)
        {
            length += read;
        }

        if (!found[..length].SequenceEqual(Mark))
        {
            throw new InvalidDataException("the gzip data ends early, or other bytes follow it");
        }
    }

    private static byte[] Compress(byte[] content)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return bytes.ToArray();
    }

    /// <summary>A stream with some bytes after its end.</summary>
    private sealed class FollowedStream(Stream first, byte[] tail) : Stream
    {
        private int _tailRead;

        public bool TailReached { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            int read = TailReached ? 0 : first.Read(buffer);
            if (read > 0 || buffer.IsEmpty)
            {
                return read;
            }

            TailReached = true;
            int length = Math.Min(buffer.Length, tail.Length - _tailRead);
            tail.AsSpan(_tailRead, length).CopyTo(buffer);
            _tailRead += length;
            return length;
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                first.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
