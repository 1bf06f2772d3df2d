using PricingCore.Surge;

namespace PricingCore.Cli.Backtest;

/// <summary>A policy in numbers, over all its decisions.</summary>
internal sealed record PolicyFigures
{
    public required string Name { get; init; }

    public required IReadOnlyList<string> RulesVersions { get; init; }

    public required IReadOnlyList<string> ModelVersions { get; init; }

    public long Decisions { get; init; }

    public double MeanMultiplier { get; init; }

    /// <summary>The multipliers, ascending.</summary>
    public required double[] Multipliers { get; init; }

    /// <summary>Decisions whose multiplier a cap lowered: the rule's largest, by clip or bounds, or the emergency cap.</summary>
    public long CapHits { get; init; }

    /// <summary>Decisions that each limit lowered, in the order of <see cref="SurgeLimitChanges.Names"/>.</summary>
    public required long[] Lowered { get; init; }

    /// <summary>Decisions that each limit raised.</summary>
    public required long[] Raised { get; init; }

    /// <summary>Mean of |change of the multiplier| from one decision of a region and product to its next; 0 when there is no next.</summary>
    public double Volatility { get; init; }

    /// <summary>The largest of those changes.</summary>
    public double LargestChange { get; init; }

    /// <summary>The multiplier that a share of the decisions does not exceed.</summary>
    /// <param name="share">From 0 to 1.</param>
    public double At(double share) => Multipliers.Length == 0 ? double.NaN : Multipliers[(int)(share * (Multipliers.Length - 1))];

    public static PolicyFigures Of(string name, PolicyRun run)
    {
        int limits = SurgeLimitChanges.Names.Count;
        var multipliers = new List<double>();
        long[] lowered = new long[limits];
        long[] raised = new long[limits];
        long capped = 0;
        long changes = 0;
        long changedSteps = 0;
        int largest = 0;
        foreach (List<PricedDecision> lane in run.Lanes.Values)
        {
            for (int i = 0; i < lane.Count; i++)
            {
                PricedDecision decision = lane[i];
                multipliers.Add(decision.Multiplier);
                capped += decision.IsCapped ? 1 : 0;
                for (int limit = 0; limit < limits; limit++)
                {
                    lowered[limit] += (decision.Lowered >> limit) & 1;
                    raised[limit] += (decision.Raised >> limit) & 1;
                }

                if (i > 0)
                {
                    int change = Math.Abs(decision.Steps - lane[i - 1].Steps);
                    changes++;
                    changedSteps += change;
                    largest = Math.Max(largest, change);
                }
            }
        }

        double[] sorted = [.. multipliers.Order()];
        return new PolicyFigures
        {
            Name = name,
            RulesVersions = [.. run.RulesVersions],
            ModelVersions = [.. run.ModelVersions],
            Decisions = sorted.Length,
            MeanMultiplier = sorted.Length == 0 ? double.NaN : sorted.Average(),
            Multipliers = sorted,
            CapHits = capped,
            Lowered = lowered,
            Raised = raised,
            Volatility = changes == 0 ? 0 : changedSteps / (double)Rules.SurgeMultiplier.StepsPerOne / changes,
            LargestChange = largest / (double)Rules.SurgeMultiplier.StepsPerOne,
        };
    }
}
