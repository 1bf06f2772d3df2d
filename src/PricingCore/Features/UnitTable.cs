using System.Numerics;
using System.Runtime.CompilerServices;
using PricingCore.Events;
using PricingCore.Snapshots;

namespace PricingCore.Features;

/// <summary>Where each unit of supply is and what it does: by hashed id, in fixed memory, the longest silent out first.</summary>
/// <threadsafety>One thread.</threadsafety>
internal sealed class UnitTable
{
    private const int None = -1;

    private readonly Unit[] _units;
    private readonly int[] _index; // Place in the table plus one; 0 is empty.
    private readonly int _mask;
    private int _used;
    private int _free = None;
    private int _oldest = None;
    private int _newest = None;

    /// <param name="capacity">The most units.</param>
    public UnitTable(int capacity)
    {
        _units = new Unit[capacity];
        _index = new int[(int)BitOperations.RoundUpToPowerOf2((uint)capacity * 2)];
        _mask = _index.Length - 1;
    }

    /// <summary>Whether no room is left, so that the next new unit pushes out the oldest.</summary>
    public bool IsFull => _used == _units.Length && _free == None;

    /// <summary>The unit heard of longest ago; default when there is none.</summary>
    public ref readonly Unit Oldest => ref _oldest == None ? ref Unit.Nobody : ref _units[_oldest];

    /// <summary>Whether there is any unit.</summary>
    public bool IsEmpty => _oldest == None;

    /// <summary>Loads a unit into the cache ahead of use.</summary>
    public long TouchAhead(ulong id)
    {
        int place = _index[SlotOf(id)] - 1;
        return place < 0 ? 0 : _units[place].SeenAt;
    }

    /// <summary>Whether a unit is in the table.</summary>
    public bool Contains(ulong id)
    {
        int slot = SlotOf(id);
        while (_index[slot] != 0)
        {
            if (_units[_index[slot] - 1].Id == id)
            {
                return true;
            }

            slot = (slot + 1) & _mask;
        }

        return false;
    }

    /// <summary>Finds a unit or makes room for it, and makes it the newest. A new one has region <see cref="AcceptedEvent.EveryRegion"/>.</summary>
    public ref Unit Touch(ulong id)
    {
        int slot = SlotOf(id);
        while (_index[slot] != 0)
        {
            int known = _index[slot] - 1;
            if (_units[known].Id == id)
            {
                Unlink(known);
                LinkNewest(known);
                return ref _units[known];
            }

            slot = (slot + 1) & _mask;
        }

        if (IsFull)
        {
            throw new InvalidOperationException("The unit table is full: remove the oldest first.");
        }

        int place = _free;
        if (place != None)
        {
            _free = _units[place].Next;
        }
        else
        {
            place = _used++;
        }

        _units[place] = new Unit { Id = id, Region = AcceptedEvent.EveryRegion };
        _index[slot] = place + 1;
        LinkNewest(place);
        return ref _units[place];
    }

    /// <summary>Removes the unit heard of longest ago.</summary>
    public void RemoveOldest()
    {
        int place = _oldest;
        RemoveFromIndex(place);
        Unlink(place);
        _units[place] = new Unit { Next = _free };
        _free = place;
    }

    /// <summary>Writes every place as it is, so that units come and go in the same order afterwards.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Save(StateWriter writer)
    {
        writer.Write(_used);
        writer.Write(_free);
        writer.Write(_oldest);
        writer.Write(_newest);
        foreach (ref readonly Unit unit in _units.AsSpan(0, _used))
        {
            writer.Write(new SavedUnit(unit));
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote into an empty table.</summary>
    /// <exception cref="SnapshotException">It does not fit, or is no table.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Load(StateReader reader, int regions)
    {
        int used = reader.ReadCount(_units.Length, "units (PricingOptions.MaxUnits)");
        (_free, _oldest, _newest) = (ReadPlace(reader, used), ReadPlace(reader, used), ReadPlace(reader, used));
        for (int place = 0; place < used; place++)
        {
            Unit unit = reader.Read<SavedUnit>().ToUnit();
            if (!IsPlace(unit.Previous, used) || !IsPlace(unit.Next, used) || unit.Region < AcceptedEvent.EveryRegion || unit.Region >= regions)
            {
                throw new SnapshotException($"The snapshot's unit {place} is at places {unit.Previous} and {unit.Next} of {used}, in region {unit.Region} of {regions}.");
            }

            _units[place] = unit;
        }

        _used = used;
        IndexAll();
    }

    private static bool IsPlace(int place, int used) => place >= None && place < used;

    private static int ReadPlace(StateReader reader, int used)
    {
        int place = reader.Read<int>();
        return IsPlace(place, used) ? place : throw new SnapshotException($"The snapshot's units begin at place {place} of {used}.");
    }

    /// <summary>Finds the places in use by going from oldest to newest, and checks that each is met once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void IndexAll()
    {
        int previous = None;
        int met = 0;
        for (int place = _oldest; place != None; place = _units[place].Next)
        {
            if (_units[place].Previous != previous || ++met > _used)
            {
                throw new SnapshotException($"The snapshot's units are not in one row: place {place} does not follow place {previous}.");
            }

            int slot = SlotOf(_units[place].Id);
            while (_index[slot] != 0)
            {
                slot = (slot + 1) & _mask;
            }

            _index[slot] = place + 1;
            previous = place;
        }

        for (int place = _free; place != None; place = _units[place].Next)
        {
            if (++met > _used)
            {
                break;
            }
        }

        if (previous != _newest || met != _used)
        {
            throw new SnapshotException($"The snapshot's units are not in one row: {met} of {_used} places were met.");
        }
    }

    private int SlotOf(ulong id) => (int)(id & (ulong)_mask);

    private void LinkNewest(int place)
    {
        _units[place].Previous = _newest;
        _units[place].Next = None;
        if (_newest == None)
        {
            _oldest = place;
        }
        else
        {
            _units[_newest].Next = place;
        }

        _newest = place;
    }

    private void Unlink(int place)
    {
        (int previous, int next) = (_units[place].Previous, _units[place].Next);
        if (previous == None)
        {
            _oldest = next;
        }
        else
        {
            _units[previous].Next = next;
        }

        if (next == None)
        {
            _newest = previous;
        }
        else
        {
            _units[next].Previous = previous;
        }
    }

    private void RemoveFromIndex(int place)
    {
        int hole = SlotOf(_units[place].Id);
        while (_index[hole] != place + 1)
        {
            hole = (hole + 1) & _mask;
        }

        // Close the gap: move back every follower that would no longer be found past the hole.
        int next = (hole + 1) & _mask;
        while (_index[next] != 0)
        {
            int home = SlotOf(_units[_index[next] - 1].Id);
            if (((next - home) & _mask) >= ((next - hole) & _mask))
            {
                _index[hole] = _index[next];
                hole = next;
            }

            next = (next + 1) & _mask;
        }

        _index[hole] = 0;
    }

    /// <summary>A unit as it is written, without gaps.</summary>
    private readonly struct SavedUnit(in Unit unit)
    {
        private readonly ulong _id = unit.Id;
        private readonly long _seenAt = unit.SeenAt;
        private readonly long _heardAt = unit.HeardAt;
        private readonly int _region = unit.Region;
        private readonly int _isBusy = unit.IsBusy ? 1 : 0;
        private readonly int _previous = unit.Previous;
        private readonly int _next = unit.Next;

        public Unit ToUnit() => new()
        {
            Id = _id, SeenAt = _seenAt, HeardAt = _heardAt, Region = _region, IsBusy = _isBusy != 0, Previous = _previous, Next = _next,
        };
    }

    /// <summary>One unit of supply.</summary>
    internal struct Unit
    {
        public static readonly Unit Nobody;

        public ulong Id;

        /// <summary>When its latest event happened.</summary>
        public long SeenAt;

        /// <summary>When its latest event came in.</summary>
        public long HeardAt;

        /// <summary>Where it is; <see cref="AcceptedEvent.EveryRegion"/> when offline or in a region of another shard.</summary>
        public int Region;

        /// <summary>Whether it is busy where it is.</summary>
        public bool IsBusy;

        public int Previous;
        public int Next;
    }
}
