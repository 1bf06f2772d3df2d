using System.IO.Compression;

namespace PricingCore.Forecasts.Models;

/// <summary>The files of a model package, in a folder or in a zip, read whole and only when they are not too large.</summary>
/// <remarks>A zip is never unpacked on disk. Its files lie at its root or together in one folder of it.</remarks>
/// <threadsafety>One thread.</threadsafety>
internal sealed class PackageFiles : IDisposable
{
    private readonly string _folder;
    private readonly string _prefix = ""; // The folder inside the zip.
    private readonly ZipArchive? _zip;

    private PackageFiles(string folder) => _folder = folder;

    private PackageFiles(ZipArchive zip, string manifest)
    {
        _folder = "";
        _zip = zip;
        ZipArchiveEntry[] found = [.. zip.Entries.Where(entry => entry.Name == manifest)];
        if (found.Length > 1)
        {
            throw new InvalidDataException($"the zip holds {found.Length} files called {manifest}; put one package into a zip.");
        }

        _prefix = found.Length == 0 ? "" : found[0].FullName[..^manifest.Length];
    }

    /// <summary>Opens a package.</summary>
    /// <exception cref="FileNotFoundException">There is neither a folder nor a file of this name.</exception>
    /// <exception cref="InvalidDataException">It is a file, but not a zip that holds one package.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static PackageFiles Open(string path, string manifest)
    {
        if (Directory.Exists(path))
        {
            return new PackageFiles(path);
        }

        if (!File.Exists(path))
        {
            throw new FileNotFoundException("there is no such folder or zip.", path);
        }

        ZipArchive zip = ZipFile.OpenRead(path);
        try
        {
            return new PackageFiles(zip, manifest);
        }
        catch
        {
            zip.Dispose();
            throw;
        }
    }

    /// <summary>Reads a file.</summary>
    /// <param name="name">Its name, without a folder.</param>
    /// <param name="maxBytes">The most bytes that it may have; checked before any is read.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is too large, or the zip is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public byte[] Read(string name, int maxBytes)
    {
        using Stream stream = OpenFile(name, out long length);
        if (length > maxBytes)
        {
            throw new InvalidDataException($"it has {length} bytes; at most {maxBytes} are allowed.");
        }

        // The length of a zip entry is a claim: read as much as it claims, and one byte to see that no more comes.
        byte[] bytes = new byte[length];
        int read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (read != bytes.Length || stream.ReadByte() >= 0)
        {
            throw new InvalidDataException($"it does not have the {length} bytes that it claims.");
        }

        return bytes;
    }

    /// <inheritdoc/>
    public void Dispose() => _zip?.Dispose();

    private Stream OpenFile(string name, out long length)
    {
        if (_zip is null)
        {
            FileStream file = File.OpenRead(Path.Combine(_folder, name));
            length = file.Length;
            return file;
        }

        ZipArchiveEntry entry = _zip.GetEntry(_prefix + name) ?? throw new FileNotFoundException("it is missing.", name);
        length = entry.Length;
        return entry.Open();
    }
}
