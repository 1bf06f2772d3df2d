using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using PricingCore.Events;

namespace PricingCore.Journal;

/// <summary>Reads a journal on a thread of its own, some blocks ahead of who handles them: unpacking takes about as long as handling.</summary>
/// <threadsafety>One thread reads what comes out.</threadsafety>
internal sealed class JournalReadAhead : IDisposable
{
    private const int BlocksAhead = 64; // 4 MiB of records.

    private readonly JournalReader _reader;
    private readonly BlockingCollection<Block> _blocks = new(BlocksAhead);
    private readonly ConcurrentBag<AcceptedEvent[]> _free = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly Thread _thread;
    private AcceptedEvent[]? _current;
    private Exception? _failure;

    /// <param name="reader">The journal; read from here on by nobody else, and disposed here.</param>
    public JournalReadAhead(JournalReader reader)
    {
        _reader = reader;
        _thread = new Thread(Read) { IsBackground = true, Name = "PricingCore journal reader" };
        _thread.Start();
    }

    /// <summary>The torn tail; null when there is none. Once the end was reached.</summary>
    public TornTail? Torn => _reader.Torn;

    /// <summary>The next records or note, as <see cref="JournalReader.TryRead"/> gives them.</summary>
    public bool TryRead(out JournalBlock block)
    {
        block = default;
        if (_current is not null)
        {
            _free.Add(_current);
            _current = null;
        }

        if (!_blocks.TryTake(out Block next, Timeout.Infinite))
        {
            if (_failure is not null)
            {
                ExceptionDispatchInfo.Throw(_failure);
            }

            return false;
        }

        _current = next.Records;
        block = next.Note is { } note
            ? JournalBlock.Note(next.NoteKind, note, next.FirstSequence)
            : JournalBlock.Of(next.Records.AsSpan(0, next.Count), next.FirstSequence);
        return true;
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _thread.Join();
        _reader.Dispose();
        _blocks.Dispose();
        _stopping.Dispose();
    }

    private void Read()
    {
        try
        {
            while (_reader.TryRead(out JournalBlock block))
            {
                _blocks.Add(block.IsNote ? new Block(block.FirstSequence, block.NoteKind, block.Payload.ToArray(), null, 0) : Copy(block), _stopping.Token);
            }
        }
#pragma warning disable CA1031 // Thrown again where the blocks are taken.
        catch (Exception failure)
        {
            _failure = failure;
        }
#pragma warning restore CA1031

        _blocks.CompleteAdding();
    }

    private Block Copy(in JournalBlock block)
    {
        AcceptedEvent[] records = _free.TryTake(out AcceptedEvent[]? free) ? free : new AcceptedEvent[JournalFormat.MaxRecordsInBlock];
        block.Records.CopyTo(records);
        return new Block(block.FirstSequence, default, null, records, block.Records.Length);
    }

    private readonly record struct Block(long FirstSequence, JournalNoteKind NoteKind, byte[]? Note, AcceptedEvent[]? Records, int Count);
}
