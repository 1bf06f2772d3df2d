using System.Collections.Concurrent;

namespace PricingCore;

/// <summary>Those who wait for the loop to answer something they put into the ring; a record carries their number.</summary>
/// <typeparam name="T">The answer.</typeparam>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class Waiters<T>
{
    /// <summary>The number of nobody.</summary>
    public const int Nobody = 0;

    private readonly TaskCompletionSource<T>?[] _waiting;
    private readonly ConcurrentQueue<int> _free;
    private readonly T _whenClosed;
    private volatile bool _isClosed;

    /// <param name="capacity">The most that may wait at a time.</param>
    /// <param name="whenClosed">What those get who still wait when the loop ends.</param>
    public Waiters(int capacity, T whenClosed)
    {
        _waiting = new TaskCompletionSource<T>?[capacity + 1];
        _free = new ConcurrentQueue<int>(Enumerable.Range(1, capacity));
        _whenClosed = whenClosed;
    }

    /// <summary>Takes a place.</summary>
    /// <returns><see langword="false"/> when all places are taken, or the loop has ended.</returns>
    public bool TryEnter(out int number, out Task<T> answer)
    {
        // Asynchronous: a continuation must never run on the loop.
        var source = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        answer = source.Task;
        if (_isClosed || !_free.TryDequeue(out number))
        {
            number = Nobody;
            return false;
        }

        Volatile.Write(ref _waiting[number], source);
        if (_isClosed)
        {
            Complete(number, _whenClosed); // Close may have passed this place before it was taken.
        }

        return true;
    }

    /// <summary>Answers, and frees the place. Does nothing for <see cref="Nobody"/> or a place already answered.</summary>
    public void Complete(int number, T answer)
    {
        if (number != Nobody && Interlocked.Exchange(ref _waiting[number], null) is { } source)
        {
            _free.Enqueue(number);
            source.TrySetResult(answer);
        }
    }

    /// <summary>Answers everybody who still waits, and lets nobody in any more.</summary>
    public void Close()
    {
        _isClosed = true;
        for (int number = 1; number < _waiting.Length; number++)
        {
            Complete(number, _whenClosed);
        }
    }
}
