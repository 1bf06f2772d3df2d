using System.Security.Cryptography;

namespace PricingCore.Audit;

/// <summary>The file of the secret that user ids are hashed with. Destroying it makes every hash in the log meaningless, and the chain still verifies.</summary>
/// <threadsafety>Any thread, but one at a time for a file.</threadsafety>
public static class AuditKeyFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Reads the key, or makes one and writes it, readable by the owner only, when there is no such file.</summary>
    /// <param name="path">The file. Keep it apart from the log, and out of its backups.</param>
    /// <returns>16 random bytes, for <see cref="AuditOptions.UserKey"/>.</returns>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null or empty.</exception>
    /// <exception cref="AuditException">The file does not hold 16 bytes.</exception>
    /// <exception cref="IOException">It cannot be read or made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read or made.</exception>
    public static byte[] LoadOrCreate(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
        {
            var creation = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                creation.UnixCreateMode = OwnerOnly;
            }

            using var file = new FileStream(path, creation);
            file.Write(RandomNumberGenerator.GetBytes(AuditOptions.UserKeyBytes));
            file.Flush(flushToDisk: true);
        }

        byte[] key = File.ReadAllBytes(path);
        return key.Length == AuditOptions.UserKeyBytes
            ? key
            : throw new AuditException($"{path}: {key.Length} bytes; a key for user ids has {AuditOptions.UserKeyBytes}.");
    }

    /// <summary>Overwrites the key with zeros and deletes the file; nothing when there is none.</summary>
    /// <remarks>Copies elsewhere (backups, snapshots of the disk) are yours to destroy.</remarks>
    /// <param name="path">The file.</param>
    /// <returns>The name of the destroyed key, for the log's note; null when there was no file.</returns>
    /// <exception cref="ArgumentException"><paramref name="path"/> is null or empty.</exception>
    /// <exception cref="IOException">It cannot be overwritten or deleted.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be overwritten or deleted.</exception>
    public static string? Destroy(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
        {
            return null;
        }

        string name = NameOf(File.ReadAllBytes(path));
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Write))
        {
            file.Write(new byte[file.Length]);
            file.Flush(flushToDisk: true);
        }

        File.Delete(path);
        return name;
    }

    /// <summary>Names a key without giving it away: the first 16 hexadecimal digits of its SHA-256; empty for no key.</summary>
    internal static string NameOf(ReadOnlySpan<byte> key) => key.IsEmpty ? "" : Convert.ToHexStringLower(SHA256.HashData(key))[..16];
}
