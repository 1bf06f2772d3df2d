using FsCheck;
using FsCheck.Fluent;
using PricingCore.Events;
using PricingCore.Journal;
using PricingCore.Testing.Files;

namespace PricingCore.Tests.Journal;

/// <summary>
/// Goal: whatever a disk does and whenever the power or the process goes, a journal holds a prefix of what was appended, with everything that was
/// reported as durable, byte for byte; and the same again after the next start, which writes behind it.
/// Method: random appends, notes and commits on a simulated disk that fails writes and syncs, fills up and stops at a random operation; then a crash
/// in which unsynced writes are kept, lost or torn in any order; several lives in a row.
/// Control: fails within a few dozen scripts when a commit reports as durable what it did not sync; when a failed sync is tried again in the same
/// segment; when a new segment counts all of the one before. Within about a thousand
/// when <c>JournalTail.Cut</c> does not write the tail again: that many with <c>PRICINGCORE_CRASH_SCRIPTS</c>.
/// </summary>
public sealed class JournalCrashProperties
{
    private const string Lane = "journal/lane-00";

    private static readonly int Scripts = int.TryParse(Environment.GetEnvironmentVariable("PRICINGCORE_CRASH_SCRIPTS"), out int scripts) ? scripts : 500;

    [Fact]
    public void AfterAnyCrash_TheJournalIsAPrefixWithAllThatWasDurable() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Cases.Of(Scripts)), Prop.ForAll(Seeds.Any, Run));

    private static void Run(int seed)
    {
        var random = new Random(seed);
        var files = new SimulatedFileStore(seed);
        var settings = new JournalSettings
        {
            Codec = random.Next(2) == 0 ? JournalCodec.None : JournalCodec.Brotli,
            SegmentBytes = random.Next(3_000, 30_000),
            SegmentAgeMicros = random.Next(3) == 0 ? 20_000 : long.MaxValue,
            MaxPendingBytes = random.Next(20_000, 200_000),
        };
        List<AcceptedEvent> kept = [];
        long durable = 0;
        int found = 0;
        for (int life = random.Next(2, 6); life > 0; life--)
        {
            Live(random, files, settings, kept, found, ref durable);
            files.FailingWrites = files.FailingSyncs = 0;
            files.CapacityBytes = long.MaxValue;
            if (random.Next(3) == 0)
            {
                files.Stop();
            }
            else
            {
                files.Crash();
            }

            List<AcceptedEvent> read = JournalRecords.ReadAll(files, Lane, out _);
            found = read.Count;
            Assert.True(found >= durable, $"{durable} records were durable, {found} are there");
            Assert.True(found <= kept.Count, "there are more records than were written");
            JournalRecords.AssertSame(kept.Take(found).ToArray(), read.ToArray());
        }
    }

    /// <summary>A life of the process. What only the system's memory holds is durable from the writer's start on.</summary>
    private static void Live(Random random, SimulatedFileStore files, JournalSettings settings, List<AcceptedEvent> appended, int found, ref long durable)
    {
        try
        {
            files.OperationsLeft = random.Next(4) == 0 ? -1 : random.Next(60);
            using var writer = new JournalWriter(files, Lane, settings, found + 1);
            appended.RemoveRange(found, appended.Count - found); // Until here, what was lost may still come back.
            durable = writer.DurableSequence;
            files.FailingWrites = random.Next(2) * 8;
            files.FailingSyncs = random.Next(2) * 4;
            for (int step = random.Next(1, 40); step > 0; step--)
            {
                files.CapacityBytes = random.Next(8) == 0 ? random.Next(200_000) : long.MaxValue;
                Step(random, writer, appended);
                durable = writer.DurableSequence;
            }

            if (random.Next(4) == 0)
            {
                writer.Close();
                durable = writer.DurableSequence;
            }
        }
        catch (Exception exception) when (exception is SimulatedCrashException or IOException)
        {
            // The end of this life.
        }
    }

    private static void Step(Random random, JournalWriter writer, List<AcceptedEvent> appended)
    {
        if (!writer.IsFull)
        {
            AcceptedEvent[] records = JournalRecords.Random(random, random.Next(1, random.Next(5) == 0 ? 3_000 : 40));
            writer.Append(records);
            appended.AddRange(records.Select(JournalRecords.Stored));
        }

        if (!writer.IsFull && random.Next(4) == 0)
        {
            writer.AppendNote(JournalNoteKind.Region, new byte[random.Next(5_000)]);
        }

        if (random.Next(3) > 0)
        {
            try
            {
                writer.Commit(random.Next(2) == 0);
            }
            catch (IOException)
            {
                // Nothing is lost; a later commit tries again.
            }
        }
    }
}
