using System.Security.Cryptography;
using PricingCore.Audit;

namespace PricingCore.Tests.Audit;

/// <summary>
/// Goal: a check finds every change of a log, and names the record or the segment; and finds none where there is none.
/// Method: flip every bit of a small log and some of a larger one; remove, repeat and swap records and segments, with and without mending
/// what can be mended without the next segment.
/// Control: none run yet; to be tried is reading a header without its CRC, or not looking at the end behind the trailer.
/// </summary>
public sealed class AuditCheckTests
{
    private static readonly string First = AuditSamples.Folder + "/" + AuditFormat.NameOf(1);

    [Fact]
    public void Verify_WithAnyBitFlipped_FindsIt()
    {
        MemoryFiles files = AuditSamples.Closed(2);
        Assert.Empty(AuditSamples.Verify(files).Faults);
        var missed = new List<string>();
        foreach (string path in files.Paths)
        {
            byte[] bytes = files[path];
            bool isIndex = path.EndsWith(".idx", StringComparison.Ordinal);
            for (int bit = 0; bit < bytes.Length * 8; bit += isIndex ? 97 : 1) // The index is mostly the zeros of its pages, compared as a whole.
            {
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
                if (AuditSamples.Verify(files).IsIntact)
                {
                    missed.Add($"{path} bit {bit}");
                }

                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }

        Assert.Empty(missed);
        Assert.Empty(AuditSamples.Verify(files).Faults);
    }

    [Fact]
    public void Verify_OfALargerLogWithABitFlipped_NamesItsFile()
    {
        MemoryFiles files = AuditSamples.Written(600);
        var random = new Random(20261121);
        for (int i = 0; i < 60; i++)
        {
            string path = files.Paths[random.Next(files.Paths.Count)];
            int bit = random.Next(files[path].Length * 8);
            files[path][bit / 8] ^= (byte)(1 << (bit % 8));

            AuditReport report = AuditSamples.Verify(files);

            Assert.Contains(report.Faults, fault => path.EndsWith(fault.File, StringComparison.Ordinal));
            files[path][bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void Verify_WhenARecordIsChanged_NamesIt()
    {
        MemoryFiles files = AuditSamples.Closed(4);
        byte[] bytes = files[First];
        List<(int Offset, int Length)> frames = AuditSamples.FramesOf(bytes);
        int records = AuditSamples.Verify(files).Faults.Count == 0 ? frames.Count - 2 : 0; // Less the list of leaves and the trailer.
        for (int record = 0; record < records; record++)
        {
            (int offset, int length) = frames[record];
            for (int mended = 0; mended < 2; mended++)
            {
                byte[] before = [.. bytes];
                bytes[offset + length - 1] ^= 1;
                if (mended == 1)
                {
                    AuditSamples.MendCrc(bytes.AsSpan(offset, length));
                }

                Assert.Contains(AuditSamples.Verify(files).Faults, fault => fault.Record == record && fault.File == AuditFormat.NameOf(1));
                before.CopyTo(bytes, 0);
            }
        }
    }

    [Fact]
    public void Verify_WhenARecordIsRemovedRepeatedOrSwapped_NamesIt()
    {
        MemoryFiles files = AuditSamples.Closed(4);
        byte[] whole = files[First];
        List<(int Offset, int Length)> frames = AuditSamples.FramesOf(whole);
        for (int record = 0; record < frames.Count - 3; record++)
        {
            byte[] one = Frame(record);
            byte[] next = Frame(record + 1);
            int at = frames[record].Offset;

            files[First] = [.. whole[..at], .. whole[(at + one.Length)..]];
            Assert.Contains(AuditSamples.Verify(files).Faults, fault => fault.Record == record);

            files[First] = [.. whole[..at], .. one, .. whole[at..]];
            Assert.Contains(AuditSamples.Verify(files).Faults, fault => fault.Record == record);

            files[First] = [.. whole[..at], .. next, .. one, .. whole[(at + one.Length + next.Length)..]];
            Assert.Contains(AuditSamples.Verify(files).Faults, fault => fault.Record == record);
        }

        byte[] Frame(int record) => whole[frames[record].Offset..(frames[record].Offset + frames[record].Length)];
    }

    [Fact]
    public void Verify_WhenASegmentIsMissingSwappedOrAnother_NamesIt()
    {
        MemoryFiles files = AuditSamples.Written(600);
        int segments = AuditSamples.Verify(files).Segments;
        Assert.True(segments >= 4);
        for (int number = 1; number < segments; number++)
        {
            MemoryFiles changed = files.Copy();
            changed.Delete(PathOf(number));
            Assert.Contains(AuditSamples.Verify(changed).Faults, fault => fault.Problem.Contains("missing", StringComparison.Ordinal) && fault.Problem.Contains($"{number}", StringComparison.Ordinal));

            if (number + 1 < segments)
            {
                changed = files.Copy();
                (changed[PathOf(number)], changed[PathOf(number + 1)]) = (changed[PathOf(number + 1)], changed[PathOf(number)]);
                Assert.Contains(AuditSamples.Verify(changed).Faults, fault => fault.File == AuditFormat.NameOf(number));
                Assert.Contains(AuditSamples.Verify(changed).Faults, fault => fault.File == AuditFormat.NameOf(number + 1));
            }
        }

        // Another log's first segment, right in itself.
        files[PathOf(1)] = AuditSamples.Closed(3)[First];
        files.Delete(AuditSamples.Folder + "/" + AuditFormat.IndexNameOf(1));
        Assert.Contains(AuditSamples.Verify(files).Faults, fault => fault.File == AuditFormat.NameOf(1) && fault.Problem.Contains("another one", StringComparison.Ordinal));

        static string PathOf(int number) => AuditSamples.Folder + "/" + AuditFormat.NameOf(number);
    }

    [Fact]
    public void Verify_WithAHead_FindsAnEndThatWasCutOffOrWrittenAnew()
    {
        MemoryFiles files = AuditSamples.Written(5);
        string head = AuditSamples.Verify(files).Head;
        Assert.Empty(AuditSamples.Verify(files, head).Faults);

        MemoryFiles cut = files.Copy();
        byte[] whole = cut[First];
        (int offset, int length) = AuditSamples.FramesOf(whole)[^1];
        Assert.Equal(whole.Length, offset + length);
        cut[First] = whole[..offset];
        Assert.Empty(AuditSamples.Verify(cut).Faults); // What the docs say: without a head kept elsewhere, nobody can tell.
        Assert.Single(AuditSamples.Verify(cut, head).Faults);

        MemoryFiles anew = AuditSamples.Written(6);
        Assert.Empty(AuditSamples.Verify(anew, head).Faults); // It has grown since; what was there is the same.
        byte[] other = anew[First];
        Assert.NotEqual(SHA256.HashData(other), SHA256.HashData(whole));

        AuditOptions options = AuditSamples.Options();
        options.UserKey = default;
        Assert.Single(AuditSamples.Verify(AuditSamples.Written(6, options), head).Faults);
    }

    [Fact]
    public void Read_OfAnyBytes_EndsWithBoundedMemory()
    {
        MemoryFiles files = AuditSamples.Closed(3);
        byte[] whole = files[First];
        var random = new Random(7);
        Verify(files);
        long before = GC.GetAllocatedBytesForCurrentThread();
        const int rounds = 3_000;
        for (int i = 0; i < rounds; i++)
        {
            byte[] bytes = [.. whole];
            for (int change = random.Next(1, 9); change > 0; change--)
            {
                int at = random.Next(bytes.Length);
                switch (random.Next(4))
                {
                    case 0:
                        bytes[at] = (byte)random.Next(256);
                        break;
                    case 1:
                        bytes = bytes[..at].Length > 0 ? bytes[..at] : bytes;
                        break;
                    case 2:
                        bytes.AsSpan(at, Math.Min(4, bytes.Length - at)).Fill(byte.MaxValue);
                        break;
                    default:
                        bytes = [.. bytes[..at], .. bytes[random.Next(bytes.Length)..]];
                        bytes = bytes.Length > 0 ? bytes : [0];
                        break;
                }
            }

            // The CRC of half of them is mended, so that the decoding behind it is reached.
            foreach ((int offset, int length) in i % 2 == 0 ? AuditSamples.FramesOf(whole) : [])
            {
                if (offset + length <= bytes.Length)
                {
                    AuditSamples.MendCrc(bytes.AsSpan(offset, length));
                }
            }

            files[First] = bytes;
            Verify(files);
        }

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / rounds, 0, 4_000_000);

        static void Verify(MemoryFiles files)
        {
            _ = AuditSamples.Verify(files);
            AuditReader reader = AuditSamples.Reader(files);
            try
            {
                reader.TryFindQuote(AuditSamples.RequestOf(1, 0), out _);
                reader.TryFindDecision(AuditSamples.Decision(1).Id, out _);
            }
            catch (AuditException)
            {
            }
        }
    }
}
