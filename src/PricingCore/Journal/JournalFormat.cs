using System.Globalization;

namespace PricingCore.Journal;

/// <summary>The numbers of the format, all in bytes unless they say else; <c>docs/journal-format.md</c> explains them.</summary>
internal static class JournalFormat
{
    public const int Version = 1;
    public const int RecordBytes = 64;
    public const int MaxRecordsInBlock = 1_024;

    /// <summary>The longest note.</summary>
    public const int MaxNoteBytes = 16 << 20;

    /// <summary>The longest payload of a block as it is stored: a note that does not compress.</summary>
    public const int MaxStoredBytes = MaxNoteBytes;

    /// <summary>The longest segment that a reader believes in.</summary>
    public const long MaxSegmentBytes = 1L << 30;

    private const string Prefix = "segment-";
    private const string Suffix = ".pcj";
    private const int Digits = 10;

    /// <summary>The name of a segment's file.</summary>
    public static string NameOf(long number) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{number:D10}{Suffix}");

    /// <summary>The number in the name of a segment's file; 0 when the file is none.</summary>
    public static long NumberIn(string name) =>
        name.Length == Prefix.Length + Digits + Suffix.Length
        && name.StartsWith(Prefix, StringComparison.Ordinal)
        && name.EndsWith(Suffix, StringComparison.Ordinal)
        && long.TryParse(name.AsSpan(Prefix.Length, Digits), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : 0;
}
