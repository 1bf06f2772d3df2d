using System.Text.Json;
using PricingCore.Events;
using PricingCore.Journal;
using PricingCore.Storage;

namespace PricingCore.Cli.Tests.Journal;

/// <summary>
/// Goal: the commands say what a journal holds and where it is damaged, with the exit codes that scripts rely on, and mend it only when told.
/// Method: a journal of two lanes, right and then with a byte changed in the middle.
/// </summary>
public sealed class JournalCommandTests
{
    [Fact]
    public async Task RightJournal_IsInspectedAndVerified()
    {
        using var folder = new ScratchFolder();
        Write(folder["journal"]);

        (int code, string output, _) = await RunAsync("journal", "verify", folder["journal"]);
        Assert.Equal(0, code);
        Assert.Contains("lane-01: 2,000 records and 1 notes", output, StringComparison.Ordinal);

        (code, output, _) = await RunAsync("journal", "inspect", folder["journal"], "--json");
        Assert.Equal(0, code);
        using JsonDocument json = JsonDocument.Parse(output);
        JsonElement lane = json.RootElement.GetProperty("lanes")[0];
        Assert.Equal(2_000, lane.GetProperty("records").GetInt32());
        Assert.Equal(2_000, lane.GetProperty("kinds").GetProperty("tick").GetInt32());
        Assert.True(lane.GetProperty("closed").GetBoolean());

        (code, output, _) = await RunAsync("journal", "inspect", folder["journal/lane-00"]);
        Assert.Equal(0, code);
        Assert.Contains("1970-01-01T00:00:01.000000Z", output, StringComparison.Ordinal);
        (code, output, _) = await RunAsync("journal", "repair", folder["journal"], "--apply");
        Assert.Equal(0, code);
        Assert.Contains("nothing to repair", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DamagedJournal_IsPlaced_AndMendedOnlyWhenTold()
    {
        using var folder = new ScratchFolder();
        Write(folder["journal"]);
        string segment = folder["journal/lane-01/segment-0000000001.pcj"];
        byte[] bytes = await File.ReadAllBytesAsync(segment);
        bytes[bytes.Length * 3 / 4]++; // In the second block of records.
        await File.WriteAllBytesAsync(segment, bytes);

        (int code, _, string error) = await RunAsync("journal", "verify", folder["journal"]);
        Assert.Equal(1, code);
        Assert.Contains("segment-0000000001.pcj: damaged at byte", error, StringComparison.Ordinal);

        (code, string output, _) = await RunAsync("journal", "repair", folder["journal"]);
        Assert.Equal(0, code);
        Assert.Contains("would then end with record 1,000", output, StringComparison.Ordinal);
        Assert.Contains("1,000 record(s) at least", output, StringComparison.Ordinal);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(segment));

        (code, output, _) = await RunAsync("journal", "repair", folder["journal"], "--apply", "--json");
        Assert.Equal(0, code);
        Assert.Contains("\"records_lost_at_least\": 1000", output, StringComparison.Ordinal);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(segment + ".damaged"));
        Assert.Equal(0, (await RunAsync("journal", "verify", folder["journal"])).Code);
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData("")]
    public async Task NoJournal_IsAWrongCommandLine(string name)
    {
        using var folder = new ScratchFolder();

        (int code, _, string error) = await RunAsync("journal", "verify", folder[name]);

        Assert.Equal(2, code);
        Assert.NotEmpty(error);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = await PricingCommandLine.RunAsync(args, output, error);
        return (code, output.ToString(), error.ToString());
    }

    private static void Write(string directory)
    {
        for (int lane = 0; lane < 2; lane++)
        {
            using var writer = new JournalWriter(DiskFileStore.Instance, $"{directory}/lane-{lane:D2}", new JournalSettings { Lane = lane, Codec = JournalCodec.None }, 1);
            writer.AppendNote(JournalNoteKind.Terms, "terms"u8);
            for (int half = 0; half < 2; half++)
            {
                for (int i = 0; i < 1_000; i++)
                {
                    writer.Append([AcceptedEvent.Tick(1_000_000 + (half * 1_000) + i)]);
                }

                writer.Commit(sync: true);
            }

            writer.Close();
        }
    }
}
