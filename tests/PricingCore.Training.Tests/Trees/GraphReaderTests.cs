using System.Text;
using PricingCore.Forecasts.Trees;
using PricingCore.Training.Onnx;
using PricingCore.Training.Tests.Onnx;

namespace PricingCore.Training.Tests.Trees;

/// <summary>
/// Goal: a damaged or hostile file is refused with a reason, or makes a kernel that answers; nothing else ever happens.
/// Method: a small model cut off at each byte, and mutated tens of thousands of times; hand-made files that promise more than they hold.
/// </summary>
public sealed class GraphReaderTests
{
    private const int Mutations = 40_000;
    private static readonly byte[] Whole = Kernels.Demand(RandomForest.Of(1, 6, 6, 6, 2, 0.2));

    [Fact]
    public void TryCompile_WhenTheFileIsCutOff_IsRefused()
    {
        for (int length = 0; length < Whole.Length; length++)
        {
            if (TreeKernel.TryCompile(Whole.AsSpan(0, length), out TreeKernel? kernel, out string reason))
            {
                kernel.Dispose();
                Assert.Fail($"The first {length} of {Whole.Length} bytes made a kernel.");
            }

            Assert.NotEmpty(reason);
        }
    }

    [Fact]
    public void TryCompile_WhenBytesAreChanged_IsRefusedOrAnswers()
    {
        var random = new Random(17);
        int compiled = 0;
        for (int i = 0; i < Mutations; i++)
        {
            byte[] file = Mutate(random);
            if (TreeKernel.TryCompile(file, out TreeKernel? kernel, out string reason))
            {
                compiled++;
                _ = Kernels.Evaluate(kernel, new float[3 * kernel.FeatureCount], 0);
                kernel.Dispose();
            }
            else
            {
                Assert.NotEmpty(reason);
            }
        }

        Assert.InRange(compiled, Mutations / 100, Mutations / 2); // Both ends were reached.
    }

    [Fact]
    public void TryCompile_WhenALengthPromisesMoreThanThereIs_TakesNoMemoryForIt()
    {
        byte[] greedy = [0x3a, 0xff, 0xff, 0xff, 0xff, 0x07, 0x0a]; // A graph of 2 GB.
        _ = Kernels.Refusal(greedy);

        long before = GC.GetAllocatedBytesForCurrentThread();
        string reason = Kernels.Refusal(greedy);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16_384);
        Assert.Contains("bytes where", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void TryCompile_WhenTheFileIsNotOnnx_IsRefused()
    {
        Kernels.Refusal([]);
        Kernels.Refusal(Encoding.UTF8.GetBytes("{\"learner\": {}}"));
        Kernels.Refusal(new byte[10_000]);
        Kernels.Refusal([.. Enumerable.Repeat((byte)0xff, 10_000)]);
    }

    [Fact]
    public void TryCompile_WhenATreeLeadsInACircle_IsRefused()
    {
        // Node 0 has itself for a child: written by hand, since our writer makes no such tree.
        byte[] trees = PlainGraphs.Trees(RandomForest.Balanced(1, 4, 5, 5, 1));
        int at = trees.AsSpan().IndexOf("nodes_truenodeids"u8) + "nodes_truenodeids".Length;
        int first = at + trees.AsSpan(at).IndexOf((byte)1); // The first tree's left child.
        trees[first] = 0;

        Kernels.Refusal(trees);
    }

    private static byte[] Mutate(Random random)
    {
        byte[] file = [.. Whole];
        for (int changes = random.Next(1, 4); changes > 0; changes--)
        {
            int at = random.Next(file.Length);
            switch (random.Next(4))
            {
                case 0:
                    file[at] = (byte)random.Next(256);
                    break;
                case 1:
                    file[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    file = [.. file[..at], .. file[random.Next(at, Math.Min(file.Length, at + 9))..]];
                    break;
                default:
                    file = [.. file[..at], .. file[random.Next(at)..at], .. file[at..]];
                    break;
            }
        }

        return file;
    }
}
