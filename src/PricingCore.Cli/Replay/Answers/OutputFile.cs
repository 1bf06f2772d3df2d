using System.IO.Compression;

namespace PricingCore.Cli.Replay.Answers;

/// <summary>A file that appears whole or not at all: written beside its place, then renamed. A name that ends in .gz is compressed.</summary>
internal sealed class OutputFile : IDisposable
{
    private readonly string _path;
    private readonly string _partPath;
    private bool _closed;

    private OutputFile(string path, string partPath, Stream content)
    {
        _path = path;
        _partPath = partPath;
        Content = content;
    }

    public Stream Content { get; }

    /// <exception cref="CommandFailedException">The file cannot be written.</exception>
    public static OutputFile Create(string path)
    {
        string part = path + ".part";
        try
        {
            Stream file = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 256 * 1024);
            return new OutputFile(path, part, path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionLevel.Optimal) : file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CommandFailedException($"cannot write {path}: {exception.Message}");
        }
    }

    /// <summary>Puts the file in its place.</summary>
    /// <exception cref="CommandFailedException">The file cannot be written.</exception>
    public void Commit()
    {
        try
        {
            Content.Dispose();
            _closed = true;
            File.Move(_partPath, _path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException($"cannot write {_path}: {exception.Message}");
        }
    }

    /// <summary>Removes what was written, unless <see cref="Commit"/> has put it in its place.</summary>
    public void Dispose()
    {
        if (!_closed)
        {
            _closed = true;
            Content.Dispose();
            File.Delete(_partPath);
        }
    }
}
