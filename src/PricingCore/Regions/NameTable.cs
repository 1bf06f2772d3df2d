using System.Collections.Concurrent;

namespace PricingCore.Regions;

/// <summary>Gives each name a dense number, first come first numbered, up to a limit; numbers never change.</summary>
/// <threadsafety>Any thread. Finding a known name takes no lock.</threadsafety>
internal sealed class NameTable
{
    /// <summary>What a name gets that is not in the table and cannot be added.</summary>
    public const int Unknown = -1;

    private readonly ConcurrentDictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly string[] _names;
    private readonly Lock _adding = new();
    private volatile int _count;

    /// <param name="capacity">The most names; 1 or more.</param>
    public NameTable(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _names = new string[capacity];
    }

    public int Count => _count;

    public int Capacity => _names.Length;

    /// <summary>The name with a number that the table gave out.</summary>
    public string this[int number] => _names[number];

    /// <summary>The number of a name, or <see cref="Unknown"/>.</summary>
    public int Find(string name) => _numbers.TryGetValue(name, out int number) ? number : Unknown;

    /// <summary>The number of a name, added if it is new; <see cref="Unknown"/> when the table is full.</summary>
    public int FindOrAdd(string name) => _numbers.TryGetValue(name, out int number) ? number : Add(name);

    /// <summary>Gives a name the number that it had before.</summary>
    /// <returns><see langword="false"/> when the number is another name's, the name has another number, or the table is full.</returns>
    public bool TryRestore(int number, string name)
    {
        lock (_adding)
        {
            return number < _count ? _names[number] == name : number == _count && FindOrAdd(name) == number;
        }
    }

    private int Add(string name)
    {
        lock (_adding)
        {
            if (_numbers.TryGetValue(name, out int number))
            {
                return number;
            }

            if (_count == _names.Length)
            {
                return Unknown;
            }

            number = _count;
            _names[number] = name; // Before the dictionary: whoever finds the number finds the name.
            _numbers[name] = number;
            _count = number + 1;
            return number;
        }
    }
}
