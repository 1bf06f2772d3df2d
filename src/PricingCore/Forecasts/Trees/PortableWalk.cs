using System.Runtime.CompilerServices;

namespace PricingCore.Forecasts.Trees;

/// <summary>Walks padded trees in plain C#, several at a time: a step of one waits for memory while the others go on.</summary>
internal static unsafe class PortableWalk
{
    /// <summary>Walks all trees for one row, four trees at a time.</summary>
    /// <param name="forest">The trees.</param>
    /// <param name="keys">The keys of the row.</param>
    /// <param name="sums">Where the sums go: one every <paramref name="stride"/> floats.</param>
    /// <param name="stride">From one target to the next.</param>
    // Pointers and places are within arrays that were sized for them; an overflow check on each step costs a tenth.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Row(PerfectForest forest, int* keys, float* sums, int stride)
    {
        unchecked
        {
            int depth = forest.Depth;
            int places = forest.Stride;
            long* a = forest.Nodes;
            float* leaf = forest.Leaves;
            int t = 0;
            foreach (int end in forest.TreeEnds)
            {
                float sum = 0;
                for (; t <= end - 4; t += 4)
                {
                    long* b = a + places;
                    long* c = b + places;
                    long* d = c + places;
                    int i = 1, j = 1, k = 1, l = 1;
                    for (int level = 0; level < depth; level++)
                    {
                        i = Step(a, keys, i);
                        j = Step(b, keys, j);
                        k = Step(c, keys, k);
                        l = Step(d, keys, l);
                    }

                    sum += leaf[i - places];
                    sum += leaf[j];
                    sum += leaf[k + places];
                    sum += leaf[l + places + places];
                    a = d + places;
                    leaf += 4 * places;
                }

                for (; t < end; t++)
                {
                    int i = 1;
                    for (int level = 0; level < depth; level++)
                    {
                        i = Step(a, keys, i);
                    }

                    sum += leaf[i - places];
                    a += places;
                    leaf += places;
                }

                *sums = sum;
                sums += stride;
            }
        }
    }

    /// <summary>Walks all trees for a block of rows, tree by tree and four rows at a time, so that a tree stays in the first cache.</summary>
    /// <param name="forest">The trees.</param>
    /// <param name="keys">The keys of the rows.</param>
    /// <param name="width">Keys of a row.</param>
    /// <param name="rows">How many rows; a multiple of four.</param>
    /// <param name="sums">Where the sums go, target by target.</param>
    /// <param name="stride">From one target to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows(PerfectForest forest, int* keys, int width, int rows, float* sums, int stride)
    {
        unchecked
        {
            int depth = forest.Depth;
            int places = forest.Stride;
            long* nodes = forest.Nodes;
            float* leaf = forest.Leaves - places;
            int t = 0;
            foreach (int end in forest.TreeEnds)
            {
                new Span<float>(sums, rows).Clear();
                for (; t < end; t++, nodes += places, leaf += places)
                {
                    int* a = keys;
                    for (int row = 0; row < rows; row += 4)
                    {
                        int* b = a + width;
                        int* c = b + width;
                        int* d = c + width;
                        int i = 1, j = 1, k = 1, l = 1;
                        for (int level = 0; level < depth; level++)
                        {
                            i = Step(nodes, a, i);
                            j = Step(nodes, b, j);
                            k = Step(nodes, c, k);
                            l = Step(nodes, d, l);
                        }

                        sums[row] += leaf[i];
                        sums[row + 1] += leaf[j];
                        sums[row + 2] += leaf[k];
                        sums[row + 3] += leaf[l];
                        a = d + width;
                    }
                }

                sums += stride;
            }
        }
    }

    /// <summary>From a place to its left child when the key is below that of the node, else to the right one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Step(long* nodes, int* keys, int place)
    {
        long node = nodes[place];
        return unchecked((2 * place) + (keys[node >> 32] >= (int)node ? 1 : 0));
    }
}
