using System.Collections.Concurrent;
using PricingCore.Cli.Replay.Input;
using PricingCore.Events;

namespace PricingCore.Cli.Replay;

/// <summary>Finds the line of each event that the engine dropped after it had taken it.</summary>
/// <remarks>Events are tagged with their place in a batch; a batch ends when the engine has drained, so the memory is bounded.</remarks>
internal sealed class DroppedEvents(RejectLog rejects)
{
    private readonly (int File, long Line)[] _lines = new (int File, long Line)[1 << 16];
    private readonly ConcurrentQueue<(int Tag, Rejection Reason)> _dropped = new();
    private int _count;

    /// <summary>Whether the engine must drain, and <see cref="Report"/> be called, before the next tag.</summary>
    public bool IsFull => _count == _lines.Length;

    /// <summary>Tags the next event to be published; from 1, as 0 means no tag.</summary>
    public int Tag(int file, long line)
    {
        _lines[_count] = (file, line);
        return ++_count;
    }

    /// <summary>Notes a dropped event; called on any thread.</summary>
    public void Drop(int tag, Rejection reason) => _dropped.Enqueue((tag, reason));

    /// <summary>Writes the dropped events of the batch to the log in the order of their tags, and begins a new batch.</summary>
    /// <returns>How many there were.</returns>
    public int Report()
    {
        // Loops of several shards drop in no fixed order.
        (int Tag, Rejection Reason)[] batch = [.. _dropped.OrderBy(dropped => dropped.Tag)];
        _dropped.Clear();
        foreach ((int tag, Rejection reason) in batch)
        {
            (int file, long line) = _lines[tag - 1];
            var problem = new Problem(RejectReason.Of(reason), RejectReason.Explain(reason));
            if (reason == Rejection.Duplicate)
            {
                rejects.AddDuplicate(file, line, problem);
            }
            else
            {
                rejects.Add(file, line, problem);
            }
        }

        _count = 0;
        return batch.Length;
    }
}
