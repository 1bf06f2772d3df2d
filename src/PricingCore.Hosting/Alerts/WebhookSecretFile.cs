namespace PricingCore.Hosting.Alerts;

/// <summary>Reads the file with the secret of a webhook.</summary>
/// <remarks>No message holds the secret or a part of it.</remarks>
internal static class WebhookSecretFile
{
    private const string Prefix = "whsec_";
    private const int LeastBytes = 24;
    private const int MostBytes = 64;
    private const long MostFileBytes = 4_096;

    /// <summary>Reads it.</summary>
    /// <exception cref="FormatException">It is not of this form.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static byte[] Load(string path)
    {
        if (new FileInfo(path).Length > MostFileBytes)
        {
            throw new FormatException($"It has more than {MostFileBytes} bytes.");
        }

        string text = File.ReadAllText(path).Trim();
        text = text.StartsWith(Prefix, StringComparison.Ordinal) ? text[Prefix.Length..] : text;
        var secret = new byte[MostFileBytes];
        return Convert.TryFromBase64String(text, secret, out int count) && count is >= LeastBytes and <= MostBytes
            ? secret[..count]
            : throw new FormatException($"It must hold {Prefix} and {LeastBytes} to {MostBytes} random bytes in base64, in one line.");
    }
}
