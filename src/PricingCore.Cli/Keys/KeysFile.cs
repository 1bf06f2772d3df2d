using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using PricingCore.AspNetCore.Security;

namespace PricingCore.Cli.Keys;

/// <summary>A file of API keys that is changed as a whole: who reads it sees it before the change or after it.</summary>
/// <remarks>
/// The new file is written beside the old one, synced, and renamed over it. Its name there is taken first, so that of two changes at a time one is refused and none is lost.
/// </remarks>
internal sealed class KeysFile(string path)
{
    /// <summary>How JSON is written.</summary>
    public static readonly JsonSerializerOptions Format = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private string NextPath => path + ".next";

    /// <summary>Reads the keys.</summary>
    /// <exception cref="CommandFailedException">It is not there, cannot be read, or is wrong.</exception>
    public JsonArray Read() => Try(() => Load()["keys"]!.AsArray());

    /// <summary>Changes the keys.</summary>
    /// <param name="isMade">Whether a file is made when there is none; it is readable by its owner only.</param>
    /// <param name="change">Changes them.</param>
    /// <exception cref="CommandFailedException">It cannot be read or written, or is wrong; it is as it was.</exception>
    public void Change(bool isMade, Action<JsonArray> change) => Try(() =>
    {
        FileStream next = Reserve();
        try
        {
            using (next)
            {
                bool isThere = File.Exists(path);
                JsonNode keys = !isThere && isMade ? new JsonObject { ["keys"] = new JsonArray() } : Load();
                change(keys["keys"]!.AsArray());
                byte[] json = Encoding.UTF8.GetBytes(keys.ToJsonString(Format) + "\n");
                ApiKeySet.Parse(json); // What a service would refuse is not written.
                if (isThere && !OperatingSystem.IsWindows())
                {
                    File.SetUnixFileMode(NextPath, File.GetUnixFileMode(path));
                }

                next.Write(json);
                next.Flush(flushToDisk: true);
            }

            File.Move(NextPath, path, overwrite: true);
        }
        catch
        {
            File.Delete(NextPath);
            throw;
        }

        return true;
    });

    private FileStream Reserve()
    {
        if (File.Exists(NextPath))
        {
            throw new CommandFailedException($"{NextPath} is there: another change is under way. If none is, one was cut off: delete it, and try again");
        }

        var creation = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            creation.UnixCreateMode = OwnerOnly;
        }

        return new FileStream(NextPath, creation);
    }

    private JsonNode Load()
    {
        byte[] json = File.ReadAllBytes(path);
        ApiKeySet.Parse(json);
        return JsonNode.Parse(json)!;
    }

    private T Try<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SecurityFileException wrong)
        {
            throw new CommandFailedException($"{path} is wrong and stays as it is") { ExitCode = ExitCode.WrongUsage, Errors = [.. wrong.Errors.Select(error => $"{path}: {error}")] };
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(failed.Message);
        }
    }
}
