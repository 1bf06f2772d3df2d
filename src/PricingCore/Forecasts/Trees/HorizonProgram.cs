using PricingCore.Forecasts.Models;

namespace PricingCore.Forecasts.Trees;

/// <summary>What is to be done for one horizon: the trees of the targets that it needs, then its part of the tail.</summary>
/// <threadsafety>Immutable; each thread works in memory of its own.</threadsafety>
internal sealed unsafe class HorizonProgram
{
    private const int VectorRows = 16;
    private const int BlockRows = 32;

    /// <summary>Fewer rows are walked one by one. Measured where a tournament of sixteen rows costs as much.</summary>
    private const int TournamentRows = 5;

    private readonly KernelPath _path;
    private readonly int _features;
    private readonly ScoringTail _tail;
    private readonly float[] _baseValues;
    private readonly InterleavedForest? _single;
    private readonly TournamentForest? _block;
    private readonly SparseForest? _sparse;

    /// <param name="ensemble">All trees.</param>
    /// <param name="tail">The horizon's part of the tail.</param>
    /// <param name="path">What to use of the CPU.</param>
    public HorizonProgram(TreeEnsemble ensemble, ScoringTail tail, KernelPath path)
    {
        _path = path;
        _features = ensemble.FeatureCount;
        _tail = tail;
        _baseValues = ensemble.BaseValues.Length == 0 ? [] : [.. tail.Targets.Select(target => ensemble.BaseValues[target])];
        var shape = ForestShape.Of(ensemble, tail.Targets);
        if (!shape.IsEven(ensemble))
        {
            _sparse = new SparseForest(ensemble, shape);
            return;
        }

        _single = new InterleavedForest(ensemble, shape);
        if (path == KernelPath.Avx512 && shape.Depth <= TournamentForest.MaxDepth)
        {
            _block = new TournamentForest(ensemble, shape, BlockRows);
        }
    }

    /// <summary>Evaluates rows.</summary>
    public void Evaluate(float* rows, int count, float* answers)
    {
        int width = 2 * _features;
        int* keys = KernelScratch.Take((BlockRows * width) + (_tail.RegisterCount * BlockRows));
        float* registers = (float*)(keys + (BlockRows * width));
        for (int from = 0; from < count; from += BlockRows)
        {
            int block = Math.Min(BlockRows, count - from);
            int stride = block <= VectorRows ? VectorRows : BlockRows;
            float* blockRows = rows + ((long)from * _features);
            SumLeaves(blockRows, block, keys, registers, stride);
            AddBaseValues(block, registers, stride);
            _tail.Evaluate(
                blockRows, _features, block, registers, stride, answers + ((long)from * IModelGraph.AnswerWidth), _path != KernelPath.Portable);
        }
    }

    private void SumLeaves(float* rows, int count, int* keys, float* sums, int stride)
    {
        if (_block is not null && count >= TournamentRows)
        {
            ColumnKeys.Fill(rows, count, _features, keys, BlockRows);
            if (count <= VectorRows)
            {
                _block.Rows<Lanes512>(keys, sums, stride);
            }
            else
            {
                _block.Rows<Lanes512Pair>(keys, sums, stride);
            }

            return;
        }

        for (int row = 0; row < count; row++)
        {
            RowKeys.Fill(rows + (row * _features), _features, keys, _path != KernelPath.Portable);
            _single?.Row(keys, sums + row, stride);
            _sparse?.Row(keys, sums + row, stride);
        }
    }

    private void AddBaseValues(int rows, float* sums, int stride)
    {
        foreach (float value in _baseValues)
        {
            for (int row = 0; row < rows; row++)
            {
                sums[row] += value;
            }

            sums += stride;
        }
    }
}
