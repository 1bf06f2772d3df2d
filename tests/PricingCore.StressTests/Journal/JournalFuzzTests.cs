using System.Diagnostics;
using System.Runtime.InteropServices;
using PricingCore.Events;
using PricingCore.Journal;
using PricingCore.Testing.Files;

namespace PricingCore.StressTests.Journal;

/// <summary>
/// Goal: no segment file, however broken, makes a reader do anything but read a prefix or say what is damaged: no other exception, no endless loop,
/// no allocation beyond a bound. Where the CRCs were not made right again, what is read is what was written.
/// Method: journals of three segments in each codec; one to three changes to one of them; half of the time with all CRCs made right again. 15 s, or
/// as many rounds as the environment variable <c>PRICINGCORE_FUZZ_ROUNDS</c> says.
/// Control: without the range check of <c>RawBytes</c> in <c>BlockHeader</c>, or of the planes in <c>BlockDecoder</c>, it fails within a second.
/// </summary>
public sealed class JournalFuzzTests
{
    /// <summary>A note and its block at their longest, and the buffers of a reader.</summary>
    private const long MaxBytesARound = (2L * JournalFormat.MaxNoteBytes) + (2 << 20);

    private static readonly TimeSpan Time = TimeSpan.FromSeconds(15);

    [Fact]
    public void ChangedSegments_AreReadToAPrefixOrRefused()
    {
        long rounds = long.TryParse(Environment.GetEnvironmentVariable("PRICINGCORE_FUZZ_ROUNDS"), out long wanted) ? wanted : 0;
        (BytesStore Store, string[] Names, AcceptedEvent[] Records)[] journals =
            [.. Enum.GetValues<JournalCodec>().Where(codec => codec != JournalCodec.Lz4 || Lz4Library.IsPresent).Select(Write)];
        var random = new Random(1);
        var clock = Stopwatch.StartNew();
        long done = 0;
        long faults = 0;
        while (rounds > 0 ? done < rounds : clock.Elapsed < Time)
        {
            (BytesStore store, string[] names, AcceptedEvent[] records) = journals[done % journals.Length];
            string name = names[random.Next(names.Length)];
            byte[] right = store[name];
            store[name] = SegmentMutation.Of(right, random, out bool isSealed);
            long before = GC.GetAllocatedBytesForCurrentThread();
            faults += Read(store, isSealed ? null : records) ? 0 : 1;
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < MaxBytesARound, $"round {done} allocates {allocated} bytes");
            store[name] = right;
            done++;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{done} changed journals in {clock.Elapsed}, {faults} of them damaged");
        Assert.True(faults > done / 4, $"only {faults} of {done} were found damaged");
    }

    private static bool Read(BytesStore store, AcceptedEvent[]? expected)
    {
        try
        {
            using var reader = JournalReader.Open(store, BytesStore.Folder);
            int at = 0;
            while (reader.TryRead(out JournalBlock block))
            {
                if (expected is not null && !block.IsNote)
                {
                    Assert.True(
                        at + block.Records.Length <= expected.Length
                        && MemoryMarshal.AsBytes(block.Records).SequenceEqual(MemoryMarshal.AsBytes(expected.AsSpan(at, block.Records.Length))),
                        "other records come out than went in");
                    at += block.Records.Length;
                }
            }

            return true;
        }
        catch (JournalDamagedException)
        {
            return false;
        }
    }

    private static (BytesStore Store, string[] Names, AcceptedEvent[] Records) Write(JournalCodec codec)
    {
        var files = new SimulatedFileStore(1);
        var random = new Random(2);
        var records = new AcceptedEvent[90];
        for (int i = 0; i < records.Length; i++)
        {
            records[i] = AcceptedEvent.FromGate(MarketEventKind.Booking, random.Next(20), random.Next(3), random.Next(1_000_000), 1_000_000 + (i * 50), EventValues.Of(random.Next(3)));
        }

        using (var writer = new JournalWriter(files, BytesStore.Folder, new JournalSettings { Codec = codec, SegmentBytes = 900 }, 1))
        {
            for (int at = 0; at < records.Length; at += 30)
            {
                writer.AppendNote(JournalNoteKind.Rules, new byte[100]);
                writer.Append(records.AsSpan(at, 30));
                writer.Commit(sync: true);
            }

            writer.Close();
        }

        var contents = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (string name in files.List(BytesStore.Folder))
        {
            using Storage.IStoredFile file = files.Open($"{BytesStore.Folder}/{name}");
            var bytes = new byte[file.Length];
            file.Read(0, bytes);
            contents[name] = bytes;
        }

        return (new BytesStore(contents), [.. contents.Keys], records);
    }
}
