using PricingCore.Forecasts.Models;

namespace PricingCore.Forecasts.Trees;

/// <summary>What is to be done for one horizon: the trees of the targets that it needs, then its part of the tail.</summary>
/// <threadsafety>Immutable; each thread works in memory of its own.</threadsafety>
internal sealed unsafe class HorizonProgram
{
    private const int VectorRows = 16; // Blocks are padded to it; a multiple of every vector.
    private const int MaxBlockRows = 32;
    private const int WideFeatures = 128; // Beyond, 32 rows of keys do not fit in a first cache of 32 KB.

    private readonly KernelPath _path;
    private readonly int _features;
    private readonly int _blockRows;
    private readonly ScoringTail _tail;
    private readonly float[] _baseValues;
    private readonly PerfectForest? _perfect;
    private readonly SparseForest? _sparse;

    /// <param name="ensemble">All trees.</param>
    /// <param name="tail">The horizon's part of the tail.</param>
    /// <param name="path">How to walk the trees.</param>
    public HorizonProgram(TreeEnsemble ensemble, ScoringTail tail, KernelPath path)
    {
        _path = path;
        _features = ensemble.FeatureCount;
        _blockRows = _features > WideFeatures ? VectorRows : MaxBlockRows;
        _tail = tail;
        _baseValues = ensemble.BaseValues.Length == 0 ? [] : [.. tail.Targets.Select(target => ensemble.BaseValues[target])];
        if (PerfectForest.Fits(ensemble, tail.Targets))
        {
            _perfect = new PerfectForest(ensemble, tail.Targets);
        }
        else
        {
            _sparse = new SparseForest(ensemble, tail.Targets);
        }
    }

    /// <summary>Whether the trees are padded, as they are unless they are too deep or too uneven.</summary>
    public bool IsPadded => _perfect is not null;

    /// <summary>Evaluates rows.</summary>
    public void Evaluate(float* rows, int count, float* answers)
    {
        bool vectors = _path != KernelPath.Portable;
        int width = 2 * _features;
        int leaves = _perfect is null ? 0 : (_perfect.TreeCount + VectorRows - 1) / VectorRows * VectorRows;
        int* keys = KernelScratch.Take((_blockRows * width) + leaves + (_tail.RegisterCount * _blockRows));
        float* leafOfTree = (float*)(keys + (_blockRows * width));
        float* registers = leafOfTree + leaves;
        for (int from = 0; from < count; from += _blockRows)
        {
            int block = Math.Min(_blockRows, count - from);
            int stride = (block + VectorRows - 1) / VectorRows * VectorRows;
            float* blockRows = rows + ((long)from * _features);
            RowKeys.Fill(blockRows, block, _features, keys, vectors);
            SumLeaves(keys, width, block, leafOfTree, registers, stride);
            AddBaseValues(block, registers, stride);
            _tail.Evaluate(blockRows, _features, block, registers, stride, answers + ((long)from * IModelGraph.AnswerWidth), vectors);
        }
    }

    private void SumLeaves(int* keys, int width, int rows, float* leaves, float* sums, int stride)
    {
        if (_perfect is null)
        {
            _sparse!.Rows(keys, width, rows, sums, stride);
        }
        else if (_path == KernelPath.Avx512 && rows > 8)
        {
            Avx512Walk.Rows(_perfect, keys, width, (rows + 15) & ~15, sums, stride);
        }
        else if (_path != KernelPath.Portable && rows > 4)
        {
            Avx2Walk.Rows(_perfect, keys, width, (rows + 7) & ~7, sums, stride);
        }
        else if (_path == KernelPath.Portable && rows > 2)
        {
            PortableWalk.Rows(_perfect, keys, width, (rows + 3) & ~3, sums, stride);
        }
        else
        {
            for (int row = 0; row < rows; row++)
            {
                SumLeaves(keys + (row * width), leaves, sums + row, stride);
            }
        }
    }

    private void SumLeaves(int* keys, float* leaves, float* sums, int stride)
    {
        if (_path == KernelPath.Portable)
        {
            PortableWalk.Row(_perfect!, keys, sums, stride);
        }
        else
        {
            Avx2Walk.Row(_perfect!, keys, leaves, sums, stride);
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
