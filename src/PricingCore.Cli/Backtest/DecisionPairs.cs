namespace PricingCore.Cli.Backtest;

/// <summary>Decisions of both policies for the same region, product and time, compared.</summary>
internal sealed record DecisionPairs
{
    /// <summary>Pairs in which policy B has the higher price.</summary>
    public long Higher { get; private set; }

    /// <summary>Pairs in which it has the lower price.</summary>
    public long Lower { get; private set; }

    /// <summary>Pairs with the same price, currency and multiplier.</summary>
    public long Same { get; private set; }

    /// <summary>Pairs with the same price and another multiplier, or with prices of two currencies.</summary>
    public long Other { get; private set; }

    /// <summary>Decisions that only policy A made: policy B has no rule there, or an earlier decision of its own still held.</summary>
    public long OnlyA { get; private set; }

    /// <summary>Decisions that only policy B made.</summary>
    public long OnlyB { get; private set; }

    /// <summary>All pairs.</summary>
    public long Paired => Higher + Lower + Same + Other;

    /// <summary>Whether both policies decided the same, everywhere and always.</summary>
    public bool AllSame => Paired == Same && OnlyA == 0 && OnlyB == 0;

    public static DecisionPairs Of(PolicyRun a, PolicyRun b)
    {
        var pairs = new DecisionPairs();
        foreach ((string Region, string Product) lane in a.Lanes.Keys.Union(b.Lanes.Keys))
        {
            pairs.Add(a.Lanes.GetValueOrDefault(lane) ?? [], b.Lanes.GetValueOrDefault(lane) ?? []);
        }

        return pairs;
    }

    private void Add(List<PricedDecision> a, List<PricedDecision> b)
    {
        int ofA = 0;
        int ofB = 0;
        while (ofA < a.Count && ofB < b.Count)
        {
            switch (a[ofA].AtMicros.CompareTo(b[ofB].AtMicros))
            {
                case < 0:
                    OnlyA++;
                    ofA++;
                    break;
                case > 0:
                    OnlyB++;
                    ofB++;
                    break;
                default:
                    Compare(a[ofA++], b[ofB++]);
                    break;
            }
        }

        OnlyA += a.Count - ofA;
        OnlyB += b.Count - ofB;
    }

    private void Compare(in PricedDecision a, in PricedDecision b)
    {
        bool isComparable = a.Currency == b.Currency;
        Higher += isComparable && b.MinorUnits > a.MinorUnits ? 1 : 0;
        Lower += isComparable && b.MinorUnits < a.MinorUnits ? 1 : 0;
        Same += isComparable && b.MinorUnits == a.MinorUnits && b.Steps == a.Steps ? 1 : 0;
        Other += !isComparable || (b.MinorUnits == a.MinorUnits && b.Steps != a.Steps) ? 1 : 0;
    }
}
