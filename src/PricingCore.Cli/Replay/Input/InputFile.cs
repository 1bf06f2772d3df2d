namespace PricingCore.Cli.Replay.Input;

/// <summary>A file opened for reading from its beginning to its end; gzip is known by its first bytes, not by its name.</summary>
internal sealed class InputFile : IDisposable
{
    private const int FileBufferBytes = 128 * 1024;

    private readonly FileStream _file;

    private InputFile(string path, FileStream file, Stream content)
    {
        Path = path;
        _file = file;
        Content = content;
    }

    public string Path { get; }

    /// <summary>The content, decompressed.</summary>
    public Stream Content { get; }

    public long LengthBytes => _file.Length;

    /// <summary>How far the file has been read, for a progress bar.</summary>
    public long PositionBytes => _file.Position;

    /// <exception cref="CommandFailedException">The file cannot be opened.</exception>
    public static InputFile Open(string path)
    {
        FileStream? file = null;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileBufferBytes, FileOptions.SequentialScan);
            Span<byte> magic = stackalloc byte[2];
            int read = file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
            file.Position = 0;
            if (read == 2 && (magic.SequenceEqual<byte>([0xFF, 0xFE]) || magic.SequenceEqual<byte>([0xFE, 0xFF])))
            {
                throw new CommandFailedException($"{path} is UTF-16: convert it to UTF-8 first, for example with iconv -f UTF-16 -t UTF-8");
            }

            bool gzip = read == 2 && magic.SequenceEqual<byte>([0x1F, 0x8B]);
            return new InputFile(path, file, gzip ? new CheckedGzipStream(file) : file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            file?.Dispose();
            throw new CommandFailedException($"cannot read {path}: {exception.Message}");
        }
        catch (CommandFailedException)
        {
            file?.Dispose();
            throw;
        }
    }

    /// <summary>Reads a small file whole.</summary>
    /// <exception cref="CommandFailedException">The file cannot be read, or is larger than 64 MiB.</exception>
    public static byte[] ReadAll(string path)
    {
        const int MaxBytes = 64 * 1024 * 1024;
        using InputFile file = Open(path);
        using var bytes = new MemoryStream();
        byte[] block = new byte[FileBufferBytes];
        try
        {
            int read;
            while ((read = file.Content.Read(block)) > 0)
            {
                bytes.Write(block, 0, read);
                if (bytes.Length > MaxBytes)
                {
                    throw new CommandFailedException($"{path} is larger than 64 MiB");
                }
            }
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            throw new CommandFailedException($"cannot read {path}: {exception.Message}");
        }

        ReadOnlySpan<byte> content = bytes.ToArray();
        return content.StartsWith("\uFEFF"u8) ? content[3..].ToArray() : content.ToArray();
    }

    public void Dispose()
    {
        Content.Dispose();
        _file.Dispose();
    }
}
