using System.Runtime.Intrinsics;

namespace PricingCore.Forecasts.Trees;

/// <summary>Turns sums of leaves into the answers for one horizon: a straight line of steps on columns, without a branch or a loop.</summary>
/// <remarks>
/// A register holds a column for a block of rows. The first registers are the sums of the targets, in the order of <see cref="Targets"/>; the
/// forest writes them there. Rows are padded to whole vectors, whose other lanes hold numbers that nobody reads.
/// </remarks>
/// <threadsafety>Immutable.</threadsafety>
internal sealed unsafe class ScoringTail
{
    private const int MaxSteps = 4_096;

    private readonly TailStep[] _steps; // Operands are registers; step i writes register Targets.Length + i.
    private readonly int[] _outputs;

    private ScoringTail(int[] targets, TailStep[] steps, int[] outputs)
    {
        Targets = targets;
        _steps = steps;
        _outputs = outputs;
    }

    /// <summary>The targets of the ensemble whose sums are read, in the order of their registers.</summary>
    public int[] Targets { get; }

    /// <summary>How many registers are needed.</summary>
    public int RegisterCount => Targets.Length + _steps.Length;

    /// <summary>Takes the steps that some outputs need.</summary>
    /// <param name="all">The steps of the graph.</param>
    /// <param name="outputs">The steps that are the answers.</param>
    /// <exception cref="GraphRefusedException">They are too many.</exception>
    public static ScoringTail Compile(IReadOnlyList<TailStep> all, ReadOnlySpan<int> outputs)
    {
        bool[] needed = new bool[all.Count];
        foreach (int output in outputs)
        {
            needed[output] = true;
        }

        for (int i = all.Count - 1; i >= 0; i--) // Operands come before what reads them.
        {
            TailStep step = all[i];
            if (needed[i] && step.Operands > 0)
            {
                needed[step.A] = true;
                needed[step.B] |= step.Operands > 1;
                needed[step.C] |= step.Operands > 2;
            }
        }

        int[] registers = new int[all.Count];
        List<int> targets = [];
        for (int i = 0; i < all.Count; i++)
        {
            if (needed[i] && all[i].Operation == TailOperation.Target)
            {
                registers[i] = targets.Count;
                targets.Add(all[i].A);
            }
        }

        List<TailStep> steps = [];
        for (int i = 0; i < all.Count; i++)
        {
            TailStep step = all[i];
            if (needed[i] && step.Operation != TailOperation.Target)
            {
                registers[i] = targets.Count + steps.Count;
                steps.Add(step.Operands == 0 ? step : step with { A = registers[step.A], B = registers[step.B], C = registers[step.C] });
            }
        }

        if (steps.Count + targets.Count > MaxSteps)
        {
            throw new GraphRefusedException($"the nodes around the trees take more than {MaxSteps} steps for one horizon");
        }

        int[] answers = new int[outputs.Length];
        for (int i = 0; i < answers.Length; i++)
        {
            answers[i] = registers[outputs[i]];
        }

        return new ScoringTail([.. targets], [.. steps], answers);
    }

    /// <summary>Evaluates a block of rows.</summary>
    /// <param name="rows">The rows, one after the other.</param>
    /// <param name="width">Features in a row.</param>
    /// <param name="count">How many rows.</param>
    /// <param name="registers"><see cref="RegisterCount"/> registers; the sums are in the first ones.</param>
    /// <param name="stride">Floats from one register to the next: <paramref name="count"/> or more, in whole vectors.</param>
    /// <param name="answers">Where the answers go, row by row.</param>
    /// <param name="vectors">Whether to use the vectors of the CPU.</param>
    public void Evaluate(float* rows, int width, int count, float* registers, int stride, float* answers, bool vectors)
    {
        float* to = registers + (Targets.Length * stride);
        foreach (TailStep step in _steps)
        {
            switch (step.Operation)
            {
                case TailOperation.Feature:
                    for (int row = 0; row < count; row++)
                    {
                        to[row] = rows[(row * width) + step.A];
                    }

                    break;
                case TailOperation.Constant:
                    new Span<float>(to, stride).Fill(BitConverter.Int32BitsToSingle(step.A));
                    break;
                case TailOperation.IsNaN or TailOperation.Where:
                    Choose(step.Operation, to, registers + (step.A * stride), registers + (step.B * stride), registers + (step.C * stride), stride);
                    break;
                default:
                    Compute(step.Operation, to, registers + (step.A * stride), registers + (step.B * stride), stride, vectors);
                    break;
            }

            to += stride;
        }

        for (int k = 0; k < _outputs.Length; k++)
        {
            float* from = registers + (_outputs[k] * stride);
            for (int row = 0; row < count; row++)
            {
                answers[(row * _outputs.Length) + k] = from[row];
            }
        }
    }

    private static void Choose(TailOperation operation, float* to, float* a, float* b, float* c, int count)
    {
        if (operation == TailOperation.IsNaN)
        {
            for (int i = 0; i < count; i++)
            {
                ((int*)to)[i] = float.IsNaN(a[i]) ? -1 : 0;
            }

            return;
        }

        for (int i = 0; i < count; i++)
        {
            to[i] = ((int*)a)[i] != 0 ? b[i] : c[i];
        }
    }

    private static void Compute(TailOperation operation, float* to, float* a, float* b, int count, bool vectors)
    {
        if (!vectors || !Vector256.IsHardwareAccelerated)
        {
            for (int i = 0; i < count; i++)
            {
                to[i] = Compute(operation, a[i], b[i]);
            }

            return;
        }

        for (int i = 0; i < count; i += Vector256<float>.Count)
        {
            Vector256<float> x = Vector256.Load(a + i);
            Vector256<float> y = Vector256.Load(b + i);
            Vector256<float> result = operation switch
            {
                TailOperation.Max => Vector256.Max(x, y),
                TailOperation.Min => Vector256.Min(x, y),
                TailOperation.Add => x + y,
                TailOperation.Sub => x - y,
                TailOperation.Mul => x * y,
                _ => x / y,
            };
            result.Store(to + i);
        }
    }

    private static float Compute(TailOperation operation, float x, float y) => operation switch
    {
        TailOperation.Max => MathF.Max(x, y),
        TailOperation.Min => MathF.Min(x, y),
        TailOperation.Add => x + y,
        TailOperation.Sub => x - y,
        TailOperation.Mul => x * y,
        _ => x / y,
    };
}
