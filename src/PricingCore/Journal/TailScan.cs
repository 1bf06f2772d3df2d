using PricingCore.Storage;

namespace PricingCore.Journal;

/// <summary>What lies behind the place where a segment can no longer be read.</summary>
/// <param name="LastByte">Where the last byte ends that is not zero; where the scan began when all are.</param>
/// <param name="LastWholeBlockSynced">How much of the segment was safe when the whole block was written that claims most; -1 when there is none.</param>
/// <param name="NextSequence">Of the record behind the last in a whole block; 0 when there is none.</param>
internal readonly record struct TailScan(long LastByte, long LastWholeBlockSynced, long NextSequence)
{
    private const int ChunkBytes = 64 * 1_024;

    /// <summary>More false beginnings of blocks than these were made by no crash.</summary>
    private const int MaxFalseBlocks = 1_000;

    /// <summary>Looks for whole blocks, and for the last byte that is not zero.</summary>
    /// <param name="file">The segment.</param>
    /// <param name="number">Its number.</param>
    /// <param name="from">Where to begin.</param>
    public static TailScan Of(IStoredFile file, long number, long from)
    {
        long length = file.Length;
        var chunk = new byte[Math.Clamp(length - from, 0, ChunkBytes)];
        long lastByte = from;
        var found = new TailScan(from, -1, 0);
        int falseBlocks = 0;
        long at = from;
        while (at < length)
        {
            int read = file.Read(at, chunk);
            if (read == 0)
            {
                break;
            }

            int last = chunk.AsSpan(0, read).LastIndexOfAnyExcept((byte)0);
            if (last >= 0)
            {
                lastByte = at + last + 1;
                found = FindBlocks(found, file, number, length, chunk.AsSpan(0, read), at, ref falseBlocks);
            }

            // The chunks overlap, since a header may lie across their border.
            at += read < ChunkBytes || at + read >= length ? read : ChunkBytes - BlockHeader.Size + 1;
        }

        return found with { LastByte = lastByte };
    }

    private static TailScan FindBlocks(TailScan found, IStoredFile file, long number, long length, ReadOnlySpan<byte> chunk, long at, ref int falseBlocks)
    {
        int from = 0;
        while (chunk.Length - from >= BlockHeader.Size)
        {
            int next = chunk[from..].IndexOf(BlockHeader.Magic);
            if (next < 0 || chunk.Length - from - next < BlockHeader.Size)
            {
                break;
            }

            from += next;
            long place = at + from;
            if (BlockHeader.Read(chunk[from..], out BlockHeader header) is null
                && header.Offset == place && header.SegmentNumber == unchecked((uint)number) && place + header.BlockBytes <= length
                && falseBlocks < MaxFalseBlocks)
            {
                var block = new byte[header.BlockBytes];
                bool isWhole = file.Read(place, block) == block.Length && BlockHeader.IsSealed(block);
                falseBlocks += isWhole ? 0 : 1;
                found = isWhole ? found.And(header) : found;
            }

            from++;
        }

        return found;
    }

    private TailScan And(in BlockHeader block) =>
        new(LastByte, Math.Max(LastWholeBlockSynced, block.SyncedBytes), Math.Max(NextSequence, block.FirstSequence + block.Count));
}
