using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using PricingCore.Audit;

namespace PricingCore.Cli.Audit;

/// <summary>One run of <c>pricing audit</c>.</summary>
internal sealed class AuditJob(TextWriter output, bool isJson)
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Checks a log.</summary>
    public int Verify(string directory, string? head)
    {
        AuditReport report = Try(() => AuditCheck.Verify(directory, head));
        if (isJson)
        {
            WriteJson(report);
        }
        else
        {
            WriteText(report);
        }

        return report.IsIntact ? ExitCode.Ok : ExitCode.Failed;
    }

    /// <summary>Prints or writes the proof of a record.</summary>
    public int Prove(string directory, string id, string? file)
    {
        string proof = Try(() => AuditProof.Prove(directory, id));
        if (file is null)
        {
            output.WriteLine(proof);
            return ExitCode.Ok;
        }

        Try(() =>
        {
            File.WriteAllText(file, proof + "\n");
            return true;
        });
        string head = (string)JsonNode.Parse(proof)!["head"]!;
        output.WriteLine(isJson
            ? new JsonObject { ["file"] = file, ["head"] = head }.ToJsonString(Format)
            : $"{file} proves {id} up to the head {head}. Check it: python3 eng/check-proof.py {file}");
        return ExitCode.Ok;
    }

    /// <summary>Destroys a key of user ids.</summary>
    public int ForgetUsers(string keyFile)
    {
        string name = Try(() => AuditKeyFile.Destroy(keyFile)) ?? throw new CommandFailedException($"there is no {keyFile}; nothing was destroyed") { ExitCode = ExitCode.WrongUsage };
        output.WriteLine(isJson
            ? new JsonObject { ["file"] = keyFile, ["key"] = name }.ToJsonString(Format)
            : $"The key {name} is destroyed. Its copies in backups are yours to destroy. Restart the engine: it makes a new key and notes the change.");
        return ExitCode.Ok;
    }

    private static T Try<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (ArgumentException exception)
        {
            throw new CommandFailedException(exception.Message) { ExitCode = ExitCode.WrongUsage };
        }
        catch (Exception exception) when (exception is AuditException or IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(exception.Message);
        }
    }

    private void WriteText(AuditReport report)
    {
        foreach (string note in report.Notes)
        {
            output.WriteLine("note: " + note);
        }

        foreach (AuditFault fault in report.Faults)
        {
            output.WriteLine("fault: " + fault);
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{(report.IsIntact ? "The log is as it was written" : $"{report.Faults.Count} fault(s)")}: {report.Segments} segment(s), {report.Records:N0} records ({report.Decisions:N0} decisions, {report.Quotes:N0} quotes), {report.Bytes:N0} bytes."));
        output.WriteLine($"head: {report.Head}");
    }

    private void WriteJson(AuditReport report) => output.WriteLine(new JsonObject
    {
        ["intact"] = report.IsIntact,
        ["segments"] = report.Segments,
        ["records"] = report.Records,
        ["decisions"] = report.Decisions,
        ["quotes"] = report.Quotes,
        ["bytes"] = report.Bytes,
        ["first_at"] = report.FirstAt?.ToString("O", CultureInfo.InvariantCulture),
        ["last_at"] = report.LastAt?.ToString("O", CultureInfo.InvariantCulture),
        ["head"] = report.Head,
        ["notes"] = new JsonArray([.. report.Notes.Select(note => (JsonNode)note)]),
        ["faults"] = new JsonArray([.. report.Faults.Select(fault => (JsonNode)new JsonObject
        {
            ["file"] = fault.File,
            ["offset"] = fault.Offset,
            ["record"] = fault.Record,
            ["problem"] = fault.Problem,
        })]),
    }.ToJsonString(Format));
}
