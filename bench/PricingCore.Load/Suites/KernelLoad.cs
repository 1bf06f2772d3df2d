using System.Runtime.Intrinsics.X86;
using PricingCore.Forecasts.Models;
using PricingCore.Forecasts.Onnx;
using PricingCore.Forecasts.Trees;
using PricingCore.Load.Measuring;
using PricingCore.Training.Onnx;
using PricingCore.Training.Tests.Onnx;
using PricingCore.Training.Trees;

namespace PricingCore.Load.Suites;

/// <summary>
/// Question: what does a model of 100 full trees of depth 6 and 64 features cost, one row and a batch of 32, on one thread?
/// Method: compiled, with what this CPU has and with plain C#, in turns with ONNX Runtime on the same trees and rows; medians of pairs, by CPU time.
/// ONNX Runtime answers one number a row, the kernel five: any difference of work is to the rival's good. 512 different rows, so that no branch
/// predictor learns them. Before, both must give the same bits.
/// <code>
/// rows -> keys -> trees -> sums -> answers        one thread
/// </code>
/// </summary>
internal static class KernelLoad
{
    private const int Features = 64;
    private const int Rows = 512;
    private const int Batch = 32;

    public static IReadOnlyList<Measurement> Run(LoadOptions options)
    {
        DecisionForest forest = RandomForest.Balanced(1, Features, targets: 1, trees: 100, depth: 6);
        byte[] graph = PlainGraphs.OneTarget(forest);
        using var session = new OnnxSession(PlainGraphs.Trees(forest));
        using TreeKernel best = Compile(graph, KernelPaths.Best);
        using TreeKernel portable = Compile(graph, KernelPath.Portable);
        float[] rows = CheckRows.Make(TreeKernel.ReadTrees(graph), seed: 1, Rows);
        Check(session, best, rows);
        Check(session, portable, rows);
        var contest = new Contest(session, rows, options);
        string lacksAvx2 = Avx2.IsSupported ? "" : "this CPU has no AVX2";
        return
        [
            .. contest.Run("kernel_one_row", best, rows: 1, lacksAvx2),
            .. contest.Run("kernel_batch_32", best, Batch, lacksAvx2),
            .. contest.Run("kernel_portable_one_row", portable, rows: 1, ""),
            .. contest.Run("kernel_portable_batch_32", portable, Batch, ""),
        ];
    }

    private static TreeKernel Compile(byte[] graph, KernelPath path) =>
        TreeKernel.TryCompile(graph, path, out TreeKernel? kernel, out string reason) ? kernel : throw new InvalidOperationException(reason);

    private static void Check(OnnxSession session, TreeKernel kernel, float[] rows)
    {
        float[] expected = new float[Rows];
        float[] found = new float[Rows * IModelGraph.AnswerWidth];
        session.Run("features\0"u8, rows, "forecasts\0"u8, expected, Rows);
        kernel.Evaluate(rows, Rows, 0, found);
        for (int i = 0; i < Rows; i++)
        {
            if (BitConverter.SingleToInt32Bits(expected[i]) != BitConverter.SingleToInt32Bits(found[i * IModelGraph.AnswerWidth]))
            {
                throw new InvalidOperationException($"Row {i}: ONNX Runtime says {expected[i]:R}, the kernel {found[i * IModelGraph.AnswerWidth]:R}.");
            }
        }
    }

    /// <summary>Runs a kernel in turns with ONNX Runtime.</summary>
    private sealed class Contest(OnnxSession session, float[] rows, LoadOptions options)
    {
        private readonly float[] _answers = new float[Batch * IModelGraph.AnswerWidth];
        private readonly int _rounds = options.Number("--rounds", full: 15, brief: 7);
        private readonly int _passes = options.Number("--passes", full: 60, brief: 12);

        public IEnumerable<Measurement> Run(string name, TreeKernel kernel, int rows, string skipped)
        {
            var (own, others) = (new Spent[_rounds], new Spent[_rounds]);
            double[] bytes = new double[_rounds];
            WarmUp.Run(() =>
            {
                Ours(kernel, rows);
                Theirs(rows);
            });
            for (int round = 0; round < _rounds; round++)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                own[round] = Ours(kernel, rows);
                bytes[round] = GC.GetAllocatedBytesForCurrentThread() - before;
                others[round] = Theirs(rows);
            }

            (double ratio, string note) = Median.OfPairs([.. own.Select(s => s.CpuNanos)], [.. others.Select(s => s.CpuNanos)]);
            yield return new Measurement(name, Median.Of(own.Select(s => s.WallNanos)) / 1_000, "us/call")
            {
                Cpu = Median.Of(own.Select(s => s.CpuNanos)) / 1_000,
                Rival = "ONNX Runtime",
                RivalValue = Median.Of(others.Select(s => s.CpuNanos)) / 1_000,
                Ratio = ratio,
                Skipped = skipped.Length == 0 ? null : skipped,
                Note = "by CPU time; " + note,
            };
            yield return new Measurement(name + "_bytes", Median.Of(bytes), "B/round");
        }

        private Spent Ours(TreeKernel kernel, int count)
        {
            var clocks = Clocks.Start();
            for (int pass = 0; pass < _passes; pass++)
            {
                for (int row = 0; row < Rows; row += count)
                {
                    kernel.Evaluate(rows.AsSpan(row * Features, count * Features), count, 0, _answers);
                }
            }

            return clocks.Stop().Per(_passes * (Rows / (double)count));
        }

        private Spent Theirs(int count)
        {
            int passes = Math.Max(1, _passes / 4); // It is slower, and a round need not be as long.
            var clocks = Clocks.Start();
            for (int pass = 0; pass < passes; pass++)
            {
                for (int row = 0; row < Rows; row += count)
                {
                    session.Run("features\0"u8, rows.AsSpan(row * Features, count * Features), "forecasts\0"u8, _answers.AsSpan(0, count), count);
                }
            }

            return clocks.Stop().Per(passes * (Rows / (double)count));
        }
    }
}
