using System.Collections;
using System.Globalization;

namespace PricingCore.Hosting.Configuration;

/// <summary>The settings of an options type, by the type of value: no reflection, so that trimming and native compilation leave them whole.</summary>
/// <typeparam name="T">The options.</typeparam>
internal sealed class SettingList<T> : IEnumerable<Setting<T>>
    where T : class, new()
{
    private readonly List<Setting<T>> _settings = [];

    public void Add(string key, Action<T, int> set) => Add(
        key,
        "write a whole number",
        (options, text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && Apply(options, value, set),
        options => set(options, int.MinValue));

    public void Add(string key, Action<T, long> set) => Add(
        key,
        "write a whole number",
        (options, text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) && Apply(options, value, set),
        options => set(options, long.MinValue));

    public void Add(string key, Action<T, double> set) => Add(
        key,
        "write a number such as 0.25",
        (options, text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && Apply(options, value, set),
        options => set(options, double.MinValue));

    public void Add(string key, Action<T, TimeSpan> set) => Add(
        key,
        "write it as 00:00:30 or 30s (ms, s, m, h, d)",
        (options, text) => Duration.TryParse(text, out TimeSpan value) && Apply(options, value, set),
        options => set(options, TimeSpan.MinValue));

    public void Add(string key, Action<T, bool> set) =>
        Add(key, "it must be true or false", (options, text) => bool.TryParse(text, out bool value) && Apply(options, value, set), null);

    public void Add(string key, Action<T, string> set) => Add(key, "write a text", (options, text) => Apply(options, text, set), null);

    /// <summary>One of the names of an enumeration, in capitals or not; never its number.</summary>
    public void AddChoice<TEnum>(string key, Action<T, TEnum> set)
        where TEnum : struct, Enum => Add(
            key,
            $"it must be {string.Join(", ", Enum.GetNames<TEnum>())}",
            (options, text) => char.IsAsciiLetter(text.FirstOrDefault())
                && Enum.TryParse(text, ignoreCase: true, out TEnum value) && Enum.IsDefined(value) && Apply(options, value, set),
            null);

    public IEnumerator<Setting<T>> GetEnumerator() => _settings.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void Add(string key, string form, Func<T, string, bool> tryApply, Action<T>? exceed) => _settings.Add(new Setting<T>(key, form, tryApply, exceed));

    private static bool Apply<TValue>(T options, TValue value, Action<T, TValue> set)
    {
        set(options, value);
        return true;
    }
}
