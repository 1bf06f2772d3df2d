using PricingCore.Storage;

namespace PricingCore.Journal;

/// <summary>The segment that is being written.</summary>
/// <threadsafety>One thread.</threadsafety>
internal sealed class OpenSegment : IDisposable
{
    private readonly IStoredFile _file;

    private OpenSegment(IStoredFile file, string path, in SegmentHeader header)
    {
        _file = file;
        Path = path;
        Header = header;
        FirstTimeMicros = header.FirstTimeMicros;
        Position = SafeBytes = SegmentHeader.Size;
    }

    public string Path { get; }

    public SegmentHeader Header { get; }

    /// <summary>When its first record was received; 0 while it has none.</summary>
    public long FirstTimeMicros { get; set; }

    /// <summary>Bytes written.</summary>
    public long Position { get; private set; }

    /// <summary>Bytes that are safe on disk.</summary>
    public long SafeBytes { get; private set; }

    /// <summary>Makes a segment whose header is safe on disk, and its directory entry too.</summary>
    /// <exception cref="IOException">It cannot; nothing of it is left, if that can be done.</exception>
    public static OpenSegment Create(IFileStore files, string directory, in SegmentHeader header, long reservedBytes)
    {
        string path = $"{directory}/{JournalFormat.NameOf(header.Number)}";
        files.Delete(path); // What an attempt before has left, which could not write the header or could not make it safe.
        Span<byte> bytes = stackalloc byte[SegmentHeader.Size];
        header.Write(bytes);
        IStoredFile? file = null;
        try
        {
            file = files.Create(path, reservedBytes);
            file.Write(0, bytes);
            file.Sync();
            files.SyncDirectory(directory);
            return new OpenSegment(file, path, header);
        }
        catch (Exception)
        {
            file?.Dispose();
            TryDelete(files, path);
            throw;
        }
    }

    /// <summary>Removes a file if that can be done.</summary>
    public static bool TryDelete(IFileStore files, string path)
    {
        try
        {
            files.Delete(path);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Writes behind what is written.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        _file.Write(Position, bytes);
        Position += bytes.Length;
    }

    /// <summary>Makes what is written safe.</summary>
    public void Sync()
    {
        if (SafeBytes < Position)
        {
            _file.Sync();
            SafeBytes = Position;
        }
    }

    /// <summary>Gives back the room behind what is written, and makes all safe.</summary>
    public void Finish()
    {
        _file.SetLength(Position);
        _file.Sync();
        SafeBytes = Position;
    }

    /// <summary>Cuts off what is not safe, if that can be done; readers leave it out in any case once there is a next segment.</summary>
    public void Abandon()
    {
        try
        {
            _file.SetLength(SafeBytes);
        }
        catch (IOException)
        {
            // Said to readers by the next segment's header instead.
        }

        Dispose();
    }

    public void Dispose() => _file.Dispose();
}
