namespace PricingCore.Testing.Files;

/// <summary>A file: what programs see of it, what is safe on the disk, and what was done since.</summary>
internal sealed class SimulatedContent
{
    private readonly List<Change> _changes = [];
    private readonly SimulatedBytes _safe = new();

    /// <summary>What programs see.</summary>
    public SimulatedBytes Seen { get; private set; } = new();

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        Seen.Write(offset, bytes);
        _changes.Add(new Change(offset, bytes.ToArray()));
    }

    public void SetLength(long length)
    {
        Seen.SetLength(length);
        _changes.Add(new Change(length, null));
    }

    public void Sync()
    {
        _changes.ForEach(change => change.ApplyTo(_safe));
        _changes.Clear();
    }

    /// <summary>The system tried, got an error, and now takes for safe what is not: programs go on seeing it until the power fails.</summary>
    public void FailToSync(Random random) => LoseSome(random);

    /// <summary>The power fails.</summary>
    public void Crash(Random random)
    {
        LoseSome(random);
        Seen = _safe.Copy();
    }

    /// <summary>Of each change nothing, a part or all reaches the disk, whatever becomes of the others.</summary>
    private void LoseSome(Random random)
    {
        foreach (Change change in _changes)
        {
            switch (random.Next(4))
            {
                case 0:
                    break;
                case 1 when change.Bytes is { Length: > 1 } bytes:
                    int from = random.Next(3) == 0 ? random.Next(bytes.Length) : 0;
                    int count = random.Next(bytes.Length - from + 1);
                    _safe.Write(change.At + from, bytes.AsSpan(from, count));
                    break;
                default:
                    change.ApplyTo(_safe);
                    break;
            }
        }

        _changes.Clear();
    }

    private readonly record struct Change(long At, byte[]? Bytes)
    {
        public void ApplyTo(SimulatedBytes bytes)
        {
            if (Bytes is null)
            {
                bytes.SetLength(At);
            }
            else
            {
                bytes.Write(At, Bytes);
            }
        }
    }
}
