namespace PricingCore.Rules;

/// <summary>Finds the known name that somebody who wrote another one most likely meant.</summary>
internal static class NearestName
{
    private const int LongestName = 64; // Longer ones are compared by their beginning.

    /// <summary>The known name with the fewest letters to change, add or remove; of equal ones the first.</summary>
    public static string Of(string name, IEnumerable<string> known) => known.MinBy(candidate => Distance(name, candidate))!;

    private static int Distance(string left, string right)
    {
        left = left.Length <= LongestName ? left : left[..LongestName];
        Span<int> row = stackalloc int[right.Length + 1];
        for (int j = 0; j <= right.Length; j++)
        {
            row[j] = j;
        }

        for (int i = 1; i <= left.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int replaced = diagonal + (char.ToLowerInvariant(left[i - 1]) == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[right.Length];
    }
}
