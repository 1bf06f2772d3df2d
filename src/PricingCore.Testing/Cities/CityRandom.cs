using System.Numerics;

namespace PricingCore.Testing.Cities;

/// <summary>Random numbers that are the same for a seed on every platform and in every version of .NET.</summary>
/// <remarks>
/// xoshiro256** by D. Blackman and S. Vigna ("Scrambled Linear Pseudorandom Number Generators", ACM TOMS 47, 2021), started by
/// SplitMix64 as they advise. Only integer operations, + and * are used, so that no last bit is the C library's choice.
/// </remarks>
/// <threadsafety>Not thread-safe.</threadsafety>
internal sealed class CityRandom
{
    private const double UnitOf53Bits = 1.0 / (1L << 53);

    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    /// <summary>Starts the stream that a seed has for a purpose: streams of other purposes or indices are independent of it.</summary>
    public CityRandom(ulong seed, CityStream stream, int index = 0)
    {
        ulong state = seed;
        state = SplitMix64(ref state) ^ (((ulong)stream << 32) | (uint)index);
        _s0 = SplitMix64(ref state);
        _s1 = SplitMix64(ref state);
        _s2 = SplitMix64(ref state);
        _s3 = SplitMix64(ref state);
    }

    /// <summary>From 0 to just below 1.</summary>
    public double Unit() => (Next() >> 11) * UnitOf53Bits;

    /// <summary>From <paramref name="low"/> to just below <paramref name="high"/>.</summary>
    public double Between(double low, double high) => low + ((high - low) * Unit());

    /// <summary>From 0 to <paramref name="count"/> - 1.</summary>
    public int Below(int count) => (int)Math.BigMul(Next(), (ulong)count, out _);

    /// <summary>Exponentially distributed with mean 1: the gaps of a Poisson process.</summary>
    /// <remarks>By J. von Neumann's method of 1951, which only compares uniform numbers and so needs no logarithm.</remarks>
    public double Exponential()
    {
        for (int whole = 0; ; whole++)
        {
            double first = Unit();
            double smallest = first;
            int length = 1;
            for (double next = Unit(); next < smallest; next = Unit())
            {
                smallest = next;
                length++;
            }

            if (length % 2 == 1)
            {
                return whole + first;
            }
        }
    }

    private ulong Next()
    {
        unchecked
        {
            ulong result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
            ulong shifted = _s1 << 17;
            _s2 ^= _s0;
            _s3 ^= _s1;
            _s1 ^= _s2;
            _s0 ^= _s3;
            _s2 ^= shifted;
            _s3 = BitOperations.RotateLeft(_s3, 45);
            return result;
        }
    }

    private static ulong SplitMix64(ref ulong state)
    {
        unchecked
        {
            ulong z = state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}

/// <summary>What a stream of random numbers is for.</summary>
internal enum CityStream
{
    Map,
    Days,
    History,
    Arrivals,
    Shifts,
    Drivers,
}
