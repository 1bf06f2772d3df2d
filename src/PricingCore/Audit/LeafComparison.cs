namespace PricingCore.Audit;

/// <summary>Says which records of a closed segment are not those that its trailer lists, though their CRCs are right.</summary>
internal static class LeafComparison
{
    private const int MostNamed = 1_000;

    /// <summary>Names each record that differs, and each that is missing.</summary>
    /// <param name="records">Number and offset of each record that is there.</param>
    /// <param name="leaves">The first bytes of their leaves.</param>
    /// <param name="written">What the trailer lists; empty when the list itself is wrong.</param>
    /// <param name="trailerAt">Where the trailer stands.</param>
    /// <param name="add">Takes offset, record and problem.</param>
    /// <param name="isNamed">Whether a record is named already.</param>
    public static void NameWrongRecords(
        List<(int Number, long Offset)> records, ReadOnlySpan<ulong> leaves, ReadOnlySpan<ulong> written, long trailerAt, Action<long, int?, string> add, Func<int, bool> isNamed)
    {
        if (written.IsEmpty)
        {
            return;
        }

        int named = 0;
        var there = new HashSet<int>();
        for (int i = 0; i < records.Count && named < MostNamed; i++)
        {
            (int record, long offset) = records[i];
            there.Add(record);
            if (record < 0 || record >= written.Length || written[record] != leaves[i])
            {
                add(offset, record, "The record was changed: it is not the one that the trailer lists.");
                named++;
            }
        }

        for (int record = 0; record < written.Length && named < MostNamed; record++)
        {
            if (!there.Contains(record) && !isNamed(record))
            {
                add(trailerAt, record, "The record is missing.");
                named++;
            }
        }
    }
}
