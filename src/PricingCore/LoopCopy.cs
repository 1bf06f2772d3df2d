using PricingCore.Snapshots;
using PricingCore.Surge;

namespace PricingCore;

/// <summary>A copy of a loop's state: made on the loop in milliseconds, turned into the bytes of a snapshot on another thread.</summary>
/// <threadsafety>One thread at a time: first the loop, then whoever writes the snapshot.</threadsafety>
/// <param name="bytes">Bytes to have room for; <see cref="Length"/> of the copy before, and some more.</param>
/// <param name="decisions">Decisions to have room for.</param>
/// <param name="blockBytes">Bytes of a block.</param>
internal sealed class LoopCopy(long bytes, int decisions, int blockBytes = StateWriter.BlockBytes)
{
    private readonly StateWriter _state = new(bytes, blockBytes);
    private readonly List<SurgeDecision> _decisions = new(decisions);
    private bool _isComplete;

    /// <summary>Has everything compiled that a copy runs, before a loop has to stand still for it; once a process, before the loop runs.</summary>
    public static void Prepare(LoopState state)
    {
        var copy = new LoopCopy(1, 1);
        copy.Take(state);
        foreach (long widest in new[] { 0L, sbyte.MaxValue, short.MaxValue, int.MaxValue, long.MaxValue })
        {
            long[] numbers = new long[PackedNumbers.Run];
            numbers[0] = widest;
            copy._state.WritePacked(numbers);
            copy._state.WritePacked(Array.ConvertAll(numbers, number => (int)Math.Min(int.MaxValue, number)));
        }
    }

    /// <summary>Bytes of state so far.</summary>
    public long Length => _state.Length;

    /// <summary>Copies the state; called once, on the loop.</summary>
    public void Take(LoopState state) => state.Save(_state, _decisions);

    /// <summary>The bytes of the snapshot, block by block; not on the loop.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> ToBlocks()
    {
        if (!_isComplete)
        {
            _isComplete = true;
            WriteDecisions();
        }

        return _state.Blocks;
    }

    private void WriteDecisions()
    {
        Span<byte> bytes = stackalloc byte[DecisionCodec.MaxBytes];
        foreach (SurgeDecision decision in _decisions)
        {
            int count = DecisionCodec.Write(decision, bytes);
            _state.Write(count);
            bytes[..count].CopyTo(_state.Next(count));
        }

        _state.Begin(StateSection.End);
    }
}
