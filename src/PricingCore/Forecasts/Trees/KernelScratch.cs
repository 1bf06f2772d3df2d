namespace PricingCore.Forecasts.Trees;

/// <summary>Memory for one evaluation at a time: keys, leaves and registers. Each thread has one, which grows to the largest model it meets.</summary>
/// <threadsafety>Belongs to its thread.</threadsafety>
internal sealed unsafe class KernelScratch
{
    [ThreadStatic]
    private static KernelScratch? t_own;

    private AlignedArray<int> _memory = new(0);
    private int _length;

    /// <summary>At least so many numbers of four bytes, on a cache line. What is in them is left over from before.</summary>
    public static int* Take(int length)
    {
        KernelScratch own = t_own ??= new KernelScratch();
        if (own._length < length)
        {
            own._memory = new AlignedArray<int>(length);
            own._length = length;
        }

        return own._memory.Start;
    }
}
