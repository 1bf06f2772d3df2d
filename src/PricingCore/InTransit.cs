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
            _items.TryRemove(number, out _);
        }

        return item;
    }

    /// <summary>Forgets an object that did not enter the rings.</summary>
    public void Remove(int number) => _items.TryRemove(number, out _);
}
