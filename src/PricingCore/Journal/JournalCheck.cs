using PricingCore.Events;
using PricingCore.Storage;

namespace PricingCore.Journal;

/// <summary>Reads a whole journal: every seal, every sequence, every record unpacked.</summary>
internal static class JournalCheck
{
    /// <summary>Reads until the end or the first fault.</summary>
    /// <param name="files">Where it is.</param>
    /// <param name="directory">The lane's directory.</param>
    /// <param name="progress">Told from time to time how much of it is read, from 0 to 1.</param>
    /// <exception cref="IOException">It cannot be read at all.</exception>
    public static JournalReport Read(IFileStore files, string directory, Action<double>? progress = null)
    {
        var report = new JournalReport { Directory = directory };
        try
        {
            using var reader = JournalReader.Open(files, directory);
            report.Segments = reader.SegmentCount;
            report.FileBytes = reader.LengthBytes;
            Read(reader, report, progress);
            report.Torn = reader.Torn;
        }
        catch (JournalDamagedException fault)
        {
            report.Fault = fault;
        }

        return report;
    }

    private static void Read(JournalReader reader, JournalReport report, Action<double>? progress)
    {
        Span<long> kinds = stackalloc long[byte.MaxValue + 1];
        kinds.Clear();
        try
        {
            while (reader.TryRead(out JournalBlock block))
            {
                Count(block, reader.Header.Codec, report, kinds);
                if (report.Blocks % 1_024 == 0)
                {
                    progress?.Invoke((double)reader.PositionBytes / reader.LengthBytes);
                }
            }
        }
        finally
        {
            report.Bytes = reader.PositionBytes;
            report.IsClosed = reader.IsClosed;
            for (int kind = 0; kind < kinds.Length; kind++)
            {
                if (kinds[kind] > 0)
                {
                    report.Kinds[kind] = kinds[kind];
                }
            }
        }
    }

    private static void Count(JournalBlock block, JournalCodec codec, JournalReport report, Span<long> kinds)
    {
        report.Blocks++;
        if (block.IsNote)
        {
            report.Notes++;
            return;
        }

        if (report.Records == 0)
        {
            report.FirstSequence = block.FirstSequence;
            report.FirstTimeMicros = block.Records[0].ReceivedAt;
        }

        report.Records += block.Records.Length;
        report.LastSequence = block.FirstSequence + block.Records.Length - 1;
        report.LastTimeMicros = block.Records[^1].ReceivedAt;
        report.Codecs[codec] = report.Codecs.GetValueOrDefault(codec) + 1;
        foreach (ref readonly AcceptedEvent record in block.Records)
        {
            kinds[(int)record.Kind]++;
        }
    }
}
