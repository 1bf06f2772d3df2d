using System.Globalization;

namespace PricingCore.CrashTests;

/// <summary>What all the engines have acknowledged so far, and so what the next one must know.</summary>
/// <threadsafety>One thread.</threadsafety>
internal sealed class Ledger
{
    private const int EventsToAskAgain = 300;
    private const int RedemptionsToAskAgain = 100;

    /// <summary>As many as the engine's process has at work.</summary>
    private const int Publishers = 6;

    private readonly Queue<string> _events = new();
    private readonly Queue<string> _redemptions = new();
    private readonly List<string> _inDoubt = [];

    /// <summary>Different events that were acknowledged: as many must have been applied.</summary>
    public long Events { get; private set; }

    /// <summary>Redemptions that were acknowledged.</summary>
    public long Redemptions { get; private set; }

    /// <summary>Decisions that were acknowledged.</summary>
    public HashSet<string> Decisions { get; } = new(StringComparer.Ordinal);

    /// <summary>Lives that were killed while they started or were asked.</summary>
    public int KilledAtStart { get; private set; }

    /// <summary>Lives that began with a snapshot.</summary>
    public int FromSnapshots { get; private set; }

    /// <summary>Lives that found the journal's end torn.</summary>
    public int Torn { get; private set; }

    /// <summary>What the next engine is to be asked.</summary>
    public IEnumerable<string> Promises => _events.Select(key => "event " + key).Concat(_inDoubt.Select(key => "doubt " + key)).Concat(_redemptions.Select(pair => "redeemed " + pair));

    /// <summary>Takes in what an engine said in a life.</summary>
    public void Take(int round, IReadOnlyList<string> said)
    {
        var next = new Dictionary<int, int>();
        if (!Read(said, next))
        {
            KilledAtStart++;
            return;
        }

        // Each publisher had one event on its way, or was about to send it.
        foreach (int publisher in Enumerable.Range(0, Publishers))
        {
            _inDoubt.Add(string.Create(CultureInfo.InvariantCulture, $"{round}-{publisher}-{next.GetValueOrDefault(publisher)}"));
        }
    }

    /// <summary>Takes in what an engine said that was asked, and then ended.</summary>
    public void TakePeacefulEnd(IReadOnlyList<string> said) => Assert.True(Read(said, []), "It ended before it was asked.");

    /// <returns>Whether it came to the end of what it was asked.</returns>
    private bool Read(IReadOnlyList<string> said, Dictionary<int, int> next)
    {
        bool isChecked = false;
        foreach (string line in said)
        {
            string[] words = line.Split(' ', 2);
            switch (words[0])
            {
                case "ready":
                    TakeStart(line);
                    break;
                case "checked":
                    isChecked = true;
                    Settle();
                    break;
                case "event":
                    TakeEvent(words[1], next);
                    break;
                case "decision":
                    Decisions.Add(words[1]);
                    break;
                case "redeemed":
                    Redemptions++;
                    Keep(_redemptions, words[1], RedemptionsToAskAgain);
                    break;
                default:
                    Assert.Fail(line);
                    break;
            }
        }

        return isChecked;
    }

    private static void Keep(Queue<string> queue, string what, int most)
    {
        queue.Enqueue(what);
        while (queue.Count > most)
        {
            queue.Dequeue();
        }
    }

    private void TakeStart(string line)
    {
        Assert.EndsWith("difference=", line, StringComparison.Ordinal);
        FromSnapshots += line.Contains(" snapshot=0 ", StringComparison.Ordinal) ? 0 : 1;
        Torn += line.Contains(" cut=0 ", StringComparison.Ordinal) ? 0 : 1;
    }

    private void TakeEvent(string key, Dictionary<int, int> next)
    {
        string[] parts = key.Split('-');
        int publisher = int.Parse(parts[1], CultureInfo.InvariantCulture);
        int count = int.Parse(parts[2], CultureInfo.InvariantCulture);
        Assert.Equal(next.GetValueOrDefault(publisher), count);
        next[publisher] = count + 1;
        Events++;
        Keep(_events, key, EventsToAskAgain);
    }

    /// <summary>What was in doubt was asked for again and answered: it is in now, once.</summary>
    private void Settle()
    {
        Events += _inDoubt.Count;
        _inDoubt.ForEach(key => Keep(_events, key, EventsToAskAgain));
        _inDoubt.Clear();
    }
}
