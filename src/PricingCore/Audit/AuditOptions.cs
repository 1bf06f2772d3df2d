using System.Globalization;
using System.Numerics;

namespace PricingCore.Audit;

/// <summary>Every limit and choice of an audit log: unit, range and default of each.</summary>
/// <remarks>A plain class, so that a host can bind it from configuration. <see cref="Validate"/> reports all errors at once.</remarks>
/// <threadsafety>Not thread-safe; the log reads it once, when it starts.</threadsafety>
public sealed class AuditOptions
{
    /// <summary>Bytes in a key for user ids.</summary>
    public const int UserKeyBytes = 16;

    private const int LeastCapacity = 64;
    private const int MostCapacity = 1_048_576;
    private const int LeastSegmentBytes = 65_536;
    private const int MostSegmentBytes = 1_073_741_824;

    /// <summary>The folder of the log; made when it is not there. One process at a time writes to it.</summary>
    /// <value>No audit log unless set.</value>
    public string? Directory { get; set; }

    /// <summary>What is recorded.</summary>
    /// <value><see cref="AuditLevel.Decision"/> unless set.</value>
    public AuditLevel Level { get; set; }

    /// <summary>The share of quotes recorded at level <see cref="AuditLevel.Quote"/>, drawn by a hash of the request id, so that a request is always or never recorded.</summary>
    /// <value>From 0 to 1; 1 unless set.</value>
    public double QuoteSampling { get; set; } = 1;

    /// <summary>Records that may wait for the log's thread; when all places are taken, quotes and decisions are refused.</summary>
    /// <value>A power of two, from 64 to 1,048,576; 65,536 unless set.</value>
    public int RingCapacity { get; set; } = 65_536;

    /// <summary>Bytes from which a segment is closed and the next one begun. What is looked up and proved of an open segment is in memory, a fifth of its size; each closed one adds a step to a look-up.</summary>
    /// <value>From 65,536 to 1,073,741,824; 16,777,216 unless set.</value>
    public int SegmentBytes { get; set; } = 16_777_216;

    /// <summary>The longest time between a record and the sync that makes it safe.</summary>
    /// <value>From 1 millisecond to 60 seconds; 100 milliseconds unless set.</value>
    public TimeSpan FlushInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long records are kept; whole segments are removed, so some stay longer.</summary>
    /// <value>From 1 day to 36,500 days; 365 days unless set.</value>
    public TimeSpan KeepFor { get; set; } = TimeSpan.FromDays(365);

    /// <summary>The secret that user ids are hashed with, see <see cref="AuditKeyFile"/>; without it no user ids are recorded, not even as hashes.</summary>
    /// <value>16 bytes; none unless set.</value>
    public ReadOnlyMemory<byte> UserKey { get; set; }

    /// <summary>Whether a decision is recorded with its feature row, 4 bytes a feature; else with a hash of it, to compare what a replay of the journal gives.</summary>
    /// <value><see langword="true"/> unless set.</value>
    public bool WithFeatures { get; set; } = true;

    /// <summary>Checks every option.</summary>
    /// <returns>All errors, each with the option, its value and what is allowed; empty when all is well.</returns>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        if (Directory is not null && string.IsNullOrWhiteSpace(Directory))
        {
            errors.Add($"{nameof(Directory)} must not be blank; leave it out for no audit log.");
        }

        if (!Enum.IsDefined(Level))
        {
            errors.Add($"{nameof(Level)} is {Level}; it must be {nameof(AuditLevel.Decision)} or {nameof(AuditLevel.Quote)}.");
        }

        Check(nameof(QuoteSampling), QuoteSampling, 0, 1, errors);
        Check(nameof(RingCapacity), RingCapacity, LeastCapacity, MostCapacity, errors);
        if (!BitOperations.IsPow2(RingCapacity))
        {
            errors.Add($"{nameof(RingCapacity)} is {RingCapacity}; it must be a power of two.");
        }

        Check(nameof(SegmentBytes), SegmentBytes, LeastSegmentBytes, MostSegmentBytes, errors);
        Check(nameof(FlushInterval), FlushInterval, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(60), errors);
        Check(nameof(KeepFor), KeepFor, TimeSpan.FromDays(1), TimeSpan.FromDays(36_500), errors);
        if (UserKey.Length is not (0 or UserKeyBytes))
        {
            errors.Add($"{nameof(UserKey)} has {UserKey.Length} bytes; it must have {UserKeyBytes}, or none.");
        }

        return errors;
    }

    private static void Check<T>(string option, T value, T least, T most, List<string> errors)
        where T : IComparable<T>
    {
        // Written so that NaN, which compares below everything, is refused.
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
        {
            errors.Add(string.Create(CultureInfo.InvariantCulture, $"{option} is {value}; it must be from {least} to {most}."));
        }
    }
}
