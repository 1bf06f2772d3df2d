namespace PricingCore.Hosting.Configuration;

/// <summary>A plain value of an options type that a configuration may hold.</summary>
/// <typeparam name="T">The options.</typeparam>
/// <param name="Key">Its key below the section, the option's own name: <c>Journal:KeepFor</c>.</param>
/// <param name="Form">How it is written, for whoever wrote it otherwise: <c>write it as ...</c>.</param>
/// <param name="TryApply">Sets the option from a text; <see langword="false"/> when the text has not the form.</param>
/// <param name="Exceed">Sets the option far outside its range, so that its own check says what the range is; null when it has none.</param>
internal sealed record Setting<T>(string Key, string Form, Func<T, string, bool> TryApply, Action<T>? Exceed = null)
    where T : class, new()
{
    /// <summary>What is wrong with a text that cannot be read: the key, the text, the form, and the legal range in the words of the option's own check.</summary>
    /// <param name="path">The key as the configuration has it.</param>
    /// <param name="text">The text.</param>
    /// <param name="validate">Checks the options.</param>
    public string Refuse(string path, string text, Func<T, IReadOnlyList<string>> validate)
    {
        string refusal = $"{path} is '{text}'; {Form}";
        if (Exceed is null)
        {
            return refusal + ".";
        }

        var beyond = new T();
        Exceed(beyond);
        string option = Key.Replace(':', '.');
        string? range = validate(beyond).FirstOrDefault(error => error.StartsWith(option + " is ", StringComparison.Ordinal));
        int words = range?.IndexOf("; ", StringComparison.Ordinal) ?? -1;
        return words < 0 ? refusal + "." : $"{refusal}; {range![(words + 2)..]}";
    }
}
