using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using PricingCore.Cli.Training;
using PricingCore.Journal;
using PricingCore.Storage;

namespace PricingCore.Cli.Journal;

/// <summary>One run of <c>pricing journal</c>.</summary>
internal sealed class JournalJob(string path, bool isJson, TextWriter output)
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Prints what the lanes hold.</summary>
    public async Task<int> InspectAsync()
    {
        IReadOnlyList<JournalReport> reports = await ReadAsync().ConfigureAwait(false);
        if (isJson)
        {
            Write(reports);
        }
        else
        {
            foreach (JournalReport report in reports)
            {
                output.WriteLine(JournalText.Of(report));
            }
        }

        return reports.All(report => report.Fault is null) ? ExitCode.Ok : ExitCode.Failed;
    }

    /// <summary>Checks the lanes.</summary>
    public async Task<int> VerifyAsync()
    {
        IReadOnlyList<JournalReport> reports = await ReadAsync().ConfigureAwait(false);
        string[] faults = [.. reports.Where(report => report.Fault is not null).Select(report => report.Fault!.Message)];
        if (isJson)
        {
            Write(reports);
            return faults.Length == 0 ? ExitCode.Ok : ExitCode.Failed;
        }

        foreach (JournalReport report in reports)
        {
            output.WriteLine(JournalText.Verdict(report));
        }

        return faults.Length == 0
            ? ExitCode.Ok
            : throw new CommandFailedException($"{path} is damaged; pricing journal repair {path} says what ending it there would lose") { Errors = faults };
    }

    /// <summary>Says what a repair of each lane would lose, and does it when told.</summary>
    public async Task<int> RepairAsync(bool isTold)
    {
        IReadOnlyList<JournalReport> reports = await ReadAsync().ConfigureAwait(false);
        var repairs = new JsonArray();
        foreach (JournalReport report in reports)
        {
            if (JournalRepair.Plan(DiskFileStore.Instance, report.Directory, report) is not { } repair)
            {
                continue;
            }

            if (isTold)
            {
                repair.Apply(DiskFileStore.Instance, report.Directory);
            }

            repairs.Add(JournalText.Json(report.Directory, repair, isTold));
            if (!isJson)
            {
                output.WriteLine(JournalText.Of(report.Directory, repair, isTold));
            }
        }

        if (isJson)
        {
            output.WriteLine(new JsonObject { ["repairs"] = repairs }.ToJsonString(Format));
        }
        else if (repairs.Count == 0)
        {
            output.WriteLine($"{path}: nothing to repair.");
        }
        else if (!isTold)
        {
            output.WriteLine("Nothing was changed; --apply does it.");
        }

        return ExitCode.Ok;
    }

    private void Write(IReadOnlyList<JournalReport> reports) => output.WriteLine(new JsonObject
    {
        ["ok"] = reports.All(report => report.Fault is null),
        ["lanes"] = new JsonArray([.. reports.Select(report => (JsonNode)JournalText.Json(report))]),
    }.ToJsonString(Format));

    private async Task<IReadOnlyList<JournalReport>> ReadAsync()
    {
        string[] lanes = FindLanes();
        return await WorkBar.ShowAsync(isJson, bar => Task.Run<IReadOnlyList<JournalReport>>(() =>
        [
            .. lanes.Select(lane => JournalCheck.Read(
                DiskFileStore.Instance, lane, share => bar.Report(Path.GetFileName(lane), share, share.ToString("P0", CultureInfo.InvariantCulture)))),
        ])).ConfigureAwait(false);
    }

    private string[] FindLanes()
    {
        string full = path.TrimEnd('/', Path.DirectorySeparatorChar);
        if (!Directory.Exists(full))
        {
            throw new CommandFailedException($"there is no folder {path}; give the folder that the engine writes its journal to") { ExitCode = ExitCode.WrongUsage };
        }

        string[] lanes = [.. new[] { full }.Concat(Directory.EnumerateDirectories(full, "lane-*").Order(StringComparer.Ordinal)).Where(HoldsSegments)];
        return lanes.Length > 0
            ? lanes
            : throw new CommandFailedException($"{path} holds no journal: neither segment-*.pcj nor lane-*/segment-*.pcj") { ExitCode = ExitCode.WrongUsage };
    }

    private static bool HoldsSegments(string directory) => Directory.EnumerateFiles(directory, "segment-*.pcj").Any();
}
