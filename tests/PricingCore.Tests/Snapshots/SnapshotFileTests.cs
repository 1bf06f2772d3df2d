using FsCheck;
using FsCheck.Fluent;
using PricingCore.Snapshots;

namespace PricingCore.Tests.Snapshots;

/// <summary>
/// Goal: a snapshot file comes back as it was written, and no file that was changed, cut, or made of parts of others is ever taken for one.
/// Method: files of real loops in memory; every single bit flipped, every length, thousands of random changes; and what a reader allocates.
/// </summary>
public sealed class SnapshotFileTests
{
    private const string Path = "d/snapshot-00000000000000000001.snap";

    private static readonly byte[] Notes = [.. Enumerable.Range(0, 300).Select(i => (byte)(i * i % 251))];

    [Fact]
    public void Read_OfWhatWasWritten_GivesHeadNotesAndLanes() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(40), Prop.ForAll(Seeds.Any, seed =>
    {
        var random = new Random(seed);
        var files = new FilesInMemory();
        byte[] notes = BytesOf(random, random.Next(3) == 0 ? 0 : random.Next(3_000_000));
        byte[][][] lanes = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => Enumerable.Range(0, random.Next(4)).Select(_ => BytesOf(random, random.Next(StateWriter.BlockBytes + 1))).ToArray())];
        var head = new SnapshotHead(1, random.NextInt64(), new string('a', 64), [.. lanes.Select(_ => new SnapshotLane(random.NextInt64(), random.NextInt64()))]);
        new SnapshotStore(files, "d").Write(head, notes, [.. lanes.Select(AsMemory)]);

        using SnapshotReader reader = new SnapshotStore(files, "d").OpenNewest((path, why) => Assert.Fail(path + ": " + why))!;

        Assert.Equal(head with { Lanes = [] }, reader.Head with { Lanes = [] });
        Assert.Equal(head.Lanes, reader.Head.Lanes);
        Assert.Equal(notes, reader.ReadNotes());
        for (int lane = 0; lane < lanes.Length; lane++)
        {
            byte[] expected = [.. lanes[lane].SelectMany(block => block)];
            byte[] actual = new byte[expected.Length];
            StateReader state = reader.OpenLane(lane);
            state.Read<byte>(actual);
            Assert.True(state.IsAtEnd);
            Assert.True(expected.AsSpan().SequenceEqual(actual));
        }
    }));

    [Fact]
    public void Read_OfAFileWithAnyBitFlipped_IsRefused()
    {
        FilesInMemory files = SmallFile(out byte[] whole);
        Assert.InRange(whole.Length, 500, 20_000);
        for (int bit = 0; bit < whole.Length * 8; bit++)
        {
            byte[] changed = [.. whole];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            files[Path] = changed;
            Assert.True(IsRefused(files), $"Bit {bit} of {whole.Length * 8} was flipped, and nobody saw it.");
        }
    }

    [Fact]
    public void Read_OfAFileCutOrLengthened_IsRefused()
    {
        FilesInMemory files = SmallFile(out byte[] whole);
        for (int length = 0; length < whole.Length; length++)
        {
            files[Path] = whole[..length];
            Assert.True(IsRefused(files), $"A file of {length} bytes of {whole.Length} was taken.");
        }

        files[Path] = [.. whole, 0];
        Assert.True(IsRefused(files));
    }

    [Fact]
    public void Read_OfFramesSwappedDoubledOrLeftOut_IsRefused()
    {
        FilesInMemory files = SmallFile(out byte[] whole);
        (int Start, int End)[] frames = FramesOf(whole);
        Assert.True(frames.Length >= 5, $"{frames.Length} frames");
        for (int i = 0; i < frames.Length; i++)
        {
            byte[] frame = whole[frames[i].Start..frames[i].End];
            files[Path] = [.. whole[..frames[i].Start], .. whole[frames[i].End..]];
            Assert.True(IsRefused(files), $"Frame {i} was left out.");
            files[Path] = [.. whole[..frames[i].Start], .. frame, .. whole[frames[i].Start..]];
            Assert.True(IsRefused(files), $"Frame {i} was doubled.");
            if (i > 0)
            {
                files[Path] = [.. whole[..frames[i - 1].Start], .. frame, .. whole[frames[i - 1].Start..frames[i].Start], .. whole[frames[i].End..]];
                Assert.True(IsRefused(files), $"Frames {i - 1} and {i} were swapped.");
            }
        }
    }

    [Fact]
    public void Read_OfRandomChanges_NeverFailsOtherwise_AndAllocatesLittle()
    {
        FilesInMemory files = SmallFile(out byte[] whole);
        var random = new Random(7);
        long before = GC.GetAllocatedBytesForCurrentThread();
        const int Rounds = 3_000;
        for (int round = 0; round < Rounds; round++)
        {
            byte[] changed = random.Next(4) == 0 ? whole[..random.Next(whole.Length)] : [.. whole];
            for (int i = random.Next(1, 9); i > 0 && changed.Length > 0; i--)
            {
                // Often in the first frames' heads, where the lengths are.
                changed[random.Next(2) == 0 ? random.Next(changed.Length) : random.Next(Math.Min(120, changed.Length))] = (byte)(random.Next(3) == 0 ? 255 : random.Next(256));
            }

            files[Path] = changed;
            Assert.True(IsRefused(files) || changed.AsSpan().SequenceEqual(whole));
        }

        // Two buffers of a frame, the frames that were found, and the copies of the file that this test makes.
        long perRound = (GC.GetAllocatedBytesForCurrentThread() - before) / Rounds;
        Assert.InRange(perRound, 0, 20 * whole.Length);
    }

    [Fact]
    public void Read_OfContentThatDecompressesToSomethingElse_IsRefused()
    {
        byte[] zeros = new byte[1_000];
        byte[] frame = new byte[SnapshotFrame.MaxBytes];
        SnapshotFrame.Write(SnapshotFrameKind.Lane, 0, zeros, 0, frame, out _);
        var files = new FilesInMemory { ["f"] = frame };
        SnapshotFrame read = SnapshotFrame.Read(files.Open("f"), 0, 0, ref frame);
        byte[] room = [];

        Assert.Equal(zeros, read.Content(frame, ref room).ToArray());
        Assert.Throws<SnapshotException>(() => (read with { Bytes = 999 }).Content(frame, ref room));
        Assert.Throws<SnapshotException>(() => (read with { Bytes = 1_001 }).Content(frame, ref room));
    }

    private static FilesInMemory SmallFile(out byte[] whole)
    {
        using var market = new RandomMarket(seed: Enumerable.Range(1, 1_000).First(IsSmall), steps: 40);
        market.Play(40, market.First);
        var files = new FilesInMemory();
        var head = new SnapshotHead(1, 2, market.Options.Schema.Hash, [new SnapshotLane(3, 4), new SnapshotLane(5, 6)]);
        new SnapshotStore(files, "d").Write(head, Notes, [AsMemory(market.First.Save(0)), AsMemory(market.First.Save(1))]);
        whole = files[Path];
        return files;
    }

    private static bool IsSmall(int seed)
    {
        using var market = new RandomMarket(seed, 1);
        return market.Options.Shards == 2;
    }

    private static (int Start, int End)[] FramesOf(byte[] whole)
    {
        var frames = new List<(int, int)>();
        for (int start = SnapshotWriter.Magic.Length; start < whole.Length;)
        {
            int end = start + SnapshotFrame.Overhead + BitConverter.ToInt32(whole, start + 12);
            frames.Add((start, end));
            start = end;
        }

        return [.. frames];
    }

    private static bool IsRefused(FilesInMemory files)
    {
        string? why = null;
        using SnapshotReader? reader = new SnapshotStore(files, "d").OpenNewest((_, reason) => why = reason);
        Assert.Equal(reader is null, why is not null);
        return reader is null;
    }

    private static IEnumerable<ReadOnlyMemory<byte>> AsMemory(byte[][] blocks) => blocks.Select(block => (ReadOnlyMemory<byte>)block);

    private static byte[] BytesOf(Random random, int count)
    {
        byte[] bytes = new byte[count];
        if (random.Next(2) == 0)
        {
            random.NextBytes(bytes);
        }
        else
        {
            Array.Fill(bytes, (byte)random.Next(256));
        }

        return bytes;
    }
}
