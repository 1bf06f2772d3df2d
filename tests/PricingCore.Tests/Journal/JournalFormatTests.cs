using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PricingCore.Events;
using PricingCore.Journal;
using PricingCore.Numerics;
using PricingCore.Storage;
using PricingCore.Tests.Conventions;

namespace PricingCore.Tests.Journal;

/// <summary>
/// Goal: the format is what docs/journal-format.md says, for readers in other languages and for journals of years ago.
/// Method: a reader in Python that was written from that page reads a journal and finds the same records; a block of fixed records has fixed bytes.
/// </summary>
public sealed class JournalFormatTests
{
    [Theory]
    [InlineData((byte)JournalCodec.ZLib)]
    [InlineData((byte)JournalCodec.None)]
    public void PythonReader_FindsTheSameRecords(byte codec)
    {
        using var folder = new ScratchFolder();
        AcceptedEvent[] records = JournalRecords.Random(new Random(6), 2_500);
        using (var writer = new JournalWriter(DiskFileStore.Instance, folder.Path, new JournalSettings { Codec = (JournalCodec)codec, SegmentBytes = 30_000 }, 1))
        {
            for (int at = 0; at < records.Length; at += 100)
            {
                writer.AppendNote(JournalNoteKind.Region, Encoding.UTF8.GetBytes($"{{\"at\":{at}}}"));
                writer.Append(records.AsSpan(at, 100));
                writer.Commit(sync: false);
            }

            writer.Close();
        }

        using JsonDocument answer = JsonDocument.Parse(RunPython(folder.Path));

        AcceptedEvent[] stored = [.. records.Select(JournalRecords.Stored)];
        Assert.Equal(2_500, answer.RootElement.GetProperty("records").GetInt32());
        Assert.Equal(25, answer.RootElement.GetProperty("notes").GetInt32());
        Assert.Equal(2_501, answer.RootElement.GetProperty("next_sequence").GetInt32());
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<AcceptedEvent>(stored))), answer.RootElement.GetProperty("sha256").GetString());
    }

    [Fact]
    public void Crc_IsCastagnolis() => Assert.Equal(0xE3069283u, Crc32C.Of("123456789"u8));

    [Fact]
    public void Segment_OfFixedRecords_HasFixedBytes()
    {
        using var folder = new ScratchFolder();
        using (var writer = new JournalWriter(DiskFileStore.Instance, folder.Path, new JournalSettings { Codec = JournalCodec.None, Lane = 3 }, 1))
        {
            writer.AppendNote(JournalNoteKind.Terms, "terms"u8);
            writer.Append([AcceptedEvent.Tick(1_000_000), AcceptedEvent.Tick(2_000_000), AcceptedEvent.Tick(3_000_000)]);
            writer.Close();
        }

        byte[] bytes = File.ReadAllBytes(Directory.GetFiles(folder.Path).Single());

        Assert.Equal(64 + 48 + 5 + 48 + 16 + 61 + (3 * 3) + 48, bytes.Length);
        Assert.Equal("DEE5BB2E29AFB4897C1FD35A21D56FD9815B5CB4", Convert.ToHexString(SHA256.HashData(bytes))[..40]);
    }

    private static string RunPython(string directory)
    {
        var start = new ProcessStartInfo("python3") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(Repository.Root, "eng", "read-journal.py"));
        start.ArgumentList.Add(directory);
        try
        {
            using Process python = Process.Start(start)!;
            Task<string> errors = python.StandardError.ReadToEndAsync();
            string output = python.StandardOutput.ReadToEnd();
            python.WaitForExit();
            Assert.True(python.ExitCode == 0, errors.Result);
            return output;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("python3 is not installed");
            throw;
        }
    }
}
