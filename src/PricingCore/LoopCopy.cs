using PricingCore.Features;
using PricingCore.Snapshots;
using PricingCore.Surge;

namespace PricingCore;

/// <summary>A copy of a loop's state at one moment: made on the loop in milliseconds, turned into the bytes of a snapshot on another thread.</summary>
/// <remarks><see cref="Cut"/> copies the tables and fixes the moment; the regions follow by <see cref="CopySome"/>, while the loop goes on.</remarks>
/// <threadsafety>One thread at a time: first the loop, then whoever writes the snapshot.</threadsafety>
/// <param name="room">Bytes to have room for: <see cref="Size"/> of the copy before, and some more.</param>
/// <param name="decisions">Decisions to have room for.</param>
/// <param name="blockBytes">Bytes of a block.</param>
internal sealed class LoopCopy(LoopCopy.Bytes room, int decisions, int blockBytes = StateWriter.BlockBytes) : IDisposable
{
    private readonly StateWriter _tables = new(room.Tables, blockBytes);
    private readonly StateWriter _regions = new(room.Regions, blockBytes);
    private readonly List<SurgeDecision> _decisions = new(decisions);
    private RegionCopy? _copying;
    private bool _isComplete;

    /// <summary>Bytes so far.</summary>
    public Bytes Size => new(_tables.Length, _regions.Length);

    /// <summary>Has everything compiled that a copy runs, before a loop has to stand still for it; once a process, before the loop runs.</summary>
    public static void Prepare(LoopState state)
    {
        using var copy = new LoopCopy(new Bytes(1, 1), 1);
        copy.Cut(state);
        while (!copy.CopySome(int.MaxValue))
        {
        }

        foreach (long widest in new[] { 0L, sbyte.MaxValue, short.MaxValue, int.MaxValue, long.MaxValue })
        {
            long[] numbers = new long[PackedNumbers.Run];
            numbers[0] = widest;
            copy._regions.WritePacked(numbers);
            copy._regions.WritePacked(Array.ConvertAll(numbers, number => (int)Math.Min(int.MaxValue, number)));
        }
    }

    /// <summary>Copies everything at once; called once, on the loop.</summary>
    public void Take(LoopState state) => state.Save(_tables, _decisions, _regions);

    /// <summary>Copies the tables, and has the regions copied as they are now; called once, on the loop.</summary>
    public void Cut(LoopState state) => _copying = state.Cut(_tables, _decisions, _regions);

    /// <summary>Copies some of the regions that are left, after <see cref="Cut"/>; on the loop, between two records.</summary>
    /// <param name="most">How many at most.</param>
    /// <returns>Whether none are left.</returns>
    public bool CopySome(int most)
    {
        _copying!.CopySome(most);
        return _copying.IsComplete;
    }

    /// <summary>The bytes of the snapshot, block by block; not on the loop. Good until <see cref="Dispose"/>.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> ToBlocks()
    {
        if (!_isComplete)
        {
            _isComplete = true;
            WriteDecisions();
            _regions.Begin(StateSection.End);
        }

        return _tables.Blocks.Concat(_regions.Blocks);
    }

    /// <summary>Gives the memory back; whoever writes the snapshot calls it.</summary>
    public void Dispose()
    {
        _tables.Dispose();
        _regions.Dispose();
    }

    private void WriteDecisions()
    {
        Span<byte> bytes = stackalloc byte[DecisionCodec.MaxBytes];
        foreach (SurgeDecision decision in _decisions)
        {
            int count = DecisionCodec.Write(decision, bytes);
            _tables.Write(count);
            bytes[..count].CopyTo(_tables.Next(count));
        }
    }

    /// <summary>Bytes of a copy.</summary>
    /// <param name="Tables">Of everything but the regions.</param>
    /// <param name="Regions">Of the regions.</param>
    internal readonly record struct Bytes(long Tables, long Regions)
    {
        /// <summary>Bytes of both.</summary>
        public long Total => Tables + Regions;

        /// <summary>Room for a copy that is some larger.</summary>
        public Bytes WithSpare() => new(Spare(Tables), Spare(Regions));

        private static long Spare(long bytes) => bytes + (bytes / 8) + StateWriter.BlockBytes;
    }
}
