using System.Collections.Concurrent;

namespace PricingCore;

/// <summary>Objects on their way through the rings: a record has room for a number, not for a reference.</summary>
/// <typeparam name="T">What is handed over.</typeparam>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class InTransit<T>
{
    private readonly ConcurrentDictionary<int, (T Item, int Readers)> _items = new();
    private int _last;

    /// <summary>Keeps an object until so many loops have taken it.</summary>
    public int Add(T item, int readers)
    {
        int number = Interlocked.Increment(ref _last);
        _items[number] = (item, readers);
        return number;
    }

    /// <summary>Gives a loop its object.</summary>
    public T Take(int number)
    {
        (T item, int readers) = _items.AddOrUpdate(
            number, _ => throw new InvalidOperationException($"Number {number} was never handed over."), (_, held) => (held.Item, held.Readers - 1));
        if (readers == 0)
        {
            // Only as it is: another loop, which reads its journal at the same time, may have restored it by now.
            _items.TryRemove(KeyValuePair.Create(number, (item, readers)));
        }

        return item;
    }

    /// <summary>Keeps an object under a number that it had before, for one loop more.</summary>
    public void Restore(int number, T item)
    {
        _items.AddOrUpdate(number, (item, 1), (_, held) => (item, held.Readers + 1));
        InterlockedMax(number);
    }

    /// <summary>Numbers up to here are taken.</summary>
    public int Last => Volatile.Read(ref _last);

    /// <summary>Leaves out numbers that a journal has used.</summary>
    public void StartAfter(int number) => InterlockedMax(number);

    /// <summary>Forgets an object that did not enter the rings.</summary>
    public void Remove(int number) => _items.TryRemove(number, out _);

    private void InterlockedMax(int number)
    {
        int seen = Volatile.Read(ref _last);
        while (number > seen)
        {
            int was = Interlocked.CompareExchange(ref _last, number, seen);
            if (was == seen)
            {
                return;
            }

            seen = was;
        }
    }
}
