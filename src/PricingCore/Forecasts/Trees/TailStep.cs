namespace PricingCore.Forecasts.Trees;

/// <summary>What a step of a scoring tail does with its operands. All results are exactly rounded by IEEE 754, so the same on every CPU.</summary>
internal enum TailOperation : byte
{
    /// <summary>A column of the row.</summary>
    Feature,

    /// <summary>The sum of a target's leaves.</summary>
    Target,

    /// <summary>A constant.</summary>
    Constant,

    /// <summary>A mask: all bits where the operand is not a number, else none.</summary>
    IsNaN,

    /// <summary>The second operand where the mask is set, else the third.</summary>
    Where,

    /// <summary>The larger; not a number when one is not.</summary>
    Max,

    /// <summary>The smaller; not a number when one is not.</summary>
    Min,

    /// <summary>The sum.</summary>
    Add,

    /// <summary>The difference.</summary>
    Sub,

    /// <summary>The product.</summary>
    Mul,

    /// <summary>The quotient.</summary>
    Div,
}

/// <summary>One step of a scoring tail. Its number in the list names its result, a column.</summary>
/// <param name="Operation">What it does.</param>
/// <param name="A">The first operand: a step before; or the index of a feature or target; or the bits of a constant.</param>
/// <param name="B">The second operand: a step before.</param>
/// <param name="C">The third operand: a step before.</param>
internal readonly record struct TailStep(TailOperation Operation, int A, int B = 0, int C = 0)
{
    /// <summary>How many operands are steps.</summary>
    public int Operands => Operation switch
    {
        TailOperation.Feature or TailOperation.Target or TailOperation.Constant => 0,
        TailOperation.IsNaN => 1,
        TailOperation.Where => 3,
        _ => 2,
    };
}
