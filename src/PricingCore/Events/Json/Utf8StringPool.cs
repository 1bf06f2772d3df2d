namespace PricingCore.Events.Json;

/// <summary>Gives the same string for the same UTF-8 bytes while it remembers them, so that region ids are made once.</summary>
/// <remarks>Bounded: a slot holds the latest string that fell into it.</remarks>
/// <threadsafety>One thread at a time.</threadsafety>
internal sealed class Utf8StringPool
{
    private const int Slots = 8_192;

    private readonly byte[]?[] _keys = new byte[Slots][];
    private readonly string[] _strings = new string[Slots];

    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length is 0 or > 128)
        {
            return System.Text.Encoding.UTF8.GetString(utf8);
        }

        int slot = Hash(utf8) & (Slots - 1);
        if (_keys[slot] is { } key && utf8.SequenceEqual(key))
        {
            return _strings[slot];
        }

        string text = System.Text.Encoding.UTF8.GetString(utf8);
        _keys[slot] = utf8.ToArray();
        _strings[slot] = text;
        return text;
    }

    private static int Hash(ReadOnlySpan<byte> utf8)
    {
        unchecked
        {
            uint hash = 2_166_136_261;
            foreach (byte b in utf8)
            {
                hash = (hash ^ b) * 16_777_619;
            }

            return (int)(hash ^ (hash >> 15));
        }
    }
}
