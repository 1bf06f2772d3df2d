using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using PricingCore.Tokens;

namespace PricingCore.Hosting.Configuration;

/// <summary>Reads the file of keys that sign quotes: <c>{"keys": [{"id": "2026-11", "secret": "BASE64", "signs_from": "...", "until": "..."}]}</c>.</summary>
/// <remarks>No message holds a secret or a part of one.</remarks>
internal static class SigningKeyFile
{
    private const long MaxBytes = 1 << 20;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly JsonDocumentOptions Json = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    /// <summary>Reads the keys.</summary>
    /// <exception cref="FormatException">The file is not of this form, or a key is not legal.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static QuoteKeys Load(string path)
    {
        var file = new FileInfo(path);
        if (file.Length > MaxBytes)
        {
            throw new FormatException($"It has {file.Length} bytes; a key file has at most {MaxBytes}.");
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path), Json);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("keys", out JsonElement list) && list.ValueKind == JsonValueKind.Array
                ? new QuoteKeys([.. list.EnumerateArray().Select(ReadKey)])
                : throw new FormatException("It must be an object with an array \"keys\".");
        }
        catch (JsonException broken)
        {
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"line {(broken.LineNumber ?? 0) + 1}: the JSON is broken."), broken);
        }
        catch (ArgumentException illegal)
        {
            throw new FormatException(illegal.Message, illegal);
        }
    }

    /// <summary>Makes a file with one random key, readable by the owner only, when there is no such file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="id">The key's id.</param>
    public static void CreateUnlessThere(string path, string id)
    {
        if (File.Exists(path))
        {
            return;
        }

        var creation = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            creation.UnixCreateMode = OwnerOnly;
        }

        using var file = new FileStream(path, creation);
        using var writer = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true });
        writer.WriteStartObject();
        writer.WriteStartArray("keys");
        writer.WriteStartObject();
        writer.WriteString("id", id);
        writer.WriteBase64String("secret", RandomNumberGenerator.GetBytes(QuoteKey.MinSecretBytes));
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.Flush();
        file.Flush(flushToDisk: true);
    }

    private static QuoteKey ReadKey(JsonElement element, int index)
    {
        string place = string.Create(CultureInfo.InvariantCulture, $"keys[{index}]");
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException($"{place} must be an object.");
        }

        string? id = null;
        byte[]? secret = null;
        DateTimeOffset? from = null;
        DateTimeOffset? until = null;
        foreach (JsonProperty field in element.EnumerateObject())
        {
            bool isRead = field.Name switch
            {
                "id" => (id = TextOf(field.Value)) is not null,
                "secret" => field.Value.ValueKind == JsonValueKind.String && field.Value.TryGetBytesFromBase64(out secret),
                "signs_from" => (from = TimeOf(field.Value)) is not null,
                "until" => (until = TimeOf(field.Value)) is not null,
                _ => throw new FormatException($"{place}.{field.Name} is not known; a key has id, secret, signs_from and until."),
            };
            if (!isRead)
            {
                throw new FormatException($"{place}.{field.Name} cannot be read; an id is a text, a secret base64, a time such as 2026-11-01T00:00:00Z.");
            }
        }

        return id is not null && secret is not null
            ? new QuoteKey(id, secret, from, until)
            : throw new FormatException($"{place} must have an id and a secret.");
    }

    private static string? TextOf(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static DateTimeOffset? TimeOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out DateTimeOffset time) ? time : null;
}
