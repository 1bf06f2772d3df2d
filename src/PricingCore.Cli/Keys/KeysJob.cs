using System.Globalization;
using System.Text.Json.Nodes;
using PricingCore.AspNetCore.Security;
using PricingCore.Hosting.Configuration;

namespace PricingCore.Cli.Keys;

/// <summary>One run of <c>pricing keys</c>.</summary>
internal sealed class KeysJob(TextWriter output, TimeProvider time, string path, bool isJson)
{
    private const int MaxNameLength = 128;
    private const int MostRequestsPerMinute = 1_000_000_000;

    private readonly KeysFile _file = new(path);

    /// <summary>Makes a key.</summary>
    public int Create(string scopes, string expires, string name, int? requestsPerMinute)
    {
        PricingScopes opened = ReadScopes(scopes);
        DateTimeOffset end = ReadEnd(expires);
        if (name.Length is 0 or > MaxNameLength || name.Any(char.IsControl))
        {
            throw Wrong($"--name has {name.Length} characters; it must have 1 to {MaxNameLength}, and none that is a control character");
        }

        if (requestsPerMinute is < 0 or > MostRequestsPerMinute)
        {
            throw Wrong(string.Create(CultureInfo.InvariantCulture, $"--requests-per-minute is {requestsPerMinute}; it must be from 0 (no limit) to {MostRequestsPerMinute:N0}"));
        }

        string key = ApiKey.Create(opened, end, out string entry, name, requestsPerMinute);
        JsonNode made = JsonNode.Parse(entry)!;
        string id = (string)made["id"]!;
        _file.Change(isMade: true, keys => keys.Add(made));
        output.WriteLine(isJson
            ? new JsonObject { ["id"] = id, ["key"] = key, ["file"] = path, ["scopes"] = Copy(made["scopes"]), ["expires"] = (string)made["expires"]! }.ToJsonString(KeysFile.Format)
            : $"{key}\n\nThis is all that will ever be seen of the key. Its hash is in {path} as {id}, until {(string)made["expires"]!}.");
        return ExitCode.Ok;
    }

    /// <summary>Lists the keys.</summary>
    public int List()
    {
        DateTimeOffset now = time.GetUtcNow();
        JsonArray keys = _file.Read();
        if (isJson)
        {
            var listed = new JsonArray([.. keys.Select(key => (JsonNode)new JsonObject
            {
                ["id"] = Copy(key!["id"]), ["name"] = Copy(key["owner"]), ["scopes"] = Copy(key["scopes"]), ["expires"] = Copy(key["expires"]),
                ["requests_per_minute"] = Copy(key["requests_per_minute"]), ["expired"] = IsExpired(key, now),
            })]);
            output.WriteLine(new JsonObject { ["file"] = path, ["keys"] = listed }.ToJsonString(KeysFile.Format));
            return ExitCode.Ok;
        }

        foreach (JsonNode? key in keys)
        {
            string scopes = string.Join(',', key!["scopes"]!.AsArray().Select(scope => (string)scope!));
            output.WriteLine($"{(string)key["id"]!}  {scopes,-18}  {(IsExpired(key, now) ? "ended" : "until")} {(string)key["expires"]!}  {(string?)key["owner"]}");
        }

        output.WriteLine(keys.Count == 1 ? "1 key" : string.Create(CultureInfo.InvariantCulture, $"{keys.Count} keys"));
        return ExitCode.Ok;
    }

    /// <summary>Takes a key away.</summary>
    public int Revoke(string id)
    {
        _file.Change(isMade: false, keys =>
        {
            JsonNode key = keys.FirstOrDefault(key => (string?)key!["id"] == id) ?? throw new CommandFailedException($"{path} has no key {id}; list them: pricing keys list --file {path}");
            keys.Remove(key);
        });
        output.WriteLine(isJson
            ? new JsonObject { ["file"] = path, ["revoked"] = id }.ToJsonString(KeysFile.Format)
            : $"{id} is revoked: a service that follows {path} refuses it within a second or so.");
        return ExitCode.Ok;
    }

    private static PricingScopes ReadScopes(string text)
    {
        PricingScopes scopes = PricingScopes.None;
        foreach (string name in text.Split(',', StringSplitOptions.TrimEntries))
        {
            PricingScopes scope = ScopeNames.Parse(name);
            scopes |= scope != PricingScopes.None ? scope : throw Wrong($"--scopes has '{name}'; there are quote, events and admin");
        }

        return scopes;
    }

    private static bool IsExpired(JsonNode key, DateTimeOffset now) =>
        DateTimeOffset.Parse((string)key["expires"]!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) <= now;

    private static JsonNode? Copy(JsonNode? node) => node?.DeepClone();

    private static CommandFailedException Wrong(string message) => new(message) { ExitCode = ExitCode.WrongUsage };

    private DateTimeOffset ReadEnd(string text)
    {
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset end = now;
        bool isRead = Duration.TryParse(text, out TimeSpan lifetime)
            ? lifetime > TimeSpan.Zero && lifetime < DateTimeOffset.MaxValue - now
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out end);
        end = isRead && lifetime > TimeSpan.Zero ? now + lifetime : end;
        return isRead && end > now ? end : throw Wrong($"--expires is '{text}'; it must be a time from now such as 90d or 12h, or one to come such as 2027-01-01T00:00:00Z");
    }
}
