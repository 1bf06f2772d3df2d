using FsCheck;
using FsCheck.Fluent;
using PricingCore.Forecasts.Rollouts;
using PricingCore.Rules;
using PricingCore.Snapshots;

namespace PricingCore.Tests.Snapshots;

/// <summary>
/// Goal: loops that were made from a snapshot go on exactly as the ones that it was taken of.
/// Method: a random market with every kind of record runs for a while; its loops are saved, read into new ones, saved again; then both go on
/// with the same records, and all of their state, the decisions in the book included, must be the same bytes, several times on the way.
/// Control: without the units or the sessions that were read it fails at once; and where only decisions are compared, still without units or windows.
/// </summary>
public sealed class LoopStateProperties
{
    private const int Steps = 240;

    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(60);

    [Fact]
    public void Load_OfASnapshotOfAnyMarket_GoesOnAsTheOriginal() => Check.One(Thorough, Prop.ForAll(Seeds.Any, seed =>
    {
        using var market = new RandomMarket(seed, 2 * Steps);
        LoopsUnderTest original = market.First;
        market.Play(new Random(seed).Next(Steps), original);

        using LoopsUnderTest restored = Restore(market);
        AssertSame(original, restored, seed, "after the snapshot");
        for (int round = 1; round <= 4; round++)
        {
            market.Play(Steps / 4, original, restored);
            AssertSame(original, restored, seed, $"after {round * Steps / 4} more steps");
        }
    }));

    /// <remarks>Control: where regions are handed out without being copied first, it fails at once; so it does when a copy takes them as they are at its end.</remarks>
    [Fact]
    public void Load_OfASnapshotCopiedWhileTheLoopsGoOn_IsTheStateAtTheCut() => Check.One(Thorough, Prop.ForAll(Seeds.Any, seed =>
    {
        var random = new Random(seed);
        using var market = new RandomMarket(seed, 2 * Steps);
        LoopsUnderTest original = market.First;
        market.Play(random.Next(Steps), original);

        using LoopsUnderTest restored = Restore(market);
        using var copied = new LoopsUnderTest(market.Options);
        copied.AddNamesOf(original);
        (RuleSet? rules, RolloutPlan plan) = (market.Rules, market.PlanOf(copied));
        LoopCopy[] copies = [.. Enumerable.Range(0, original.Shards).Select(original.Cut)];
        for (bool isComplete = false; !isComplete;)
        {
            market.Play(random.Next(1, 4), original);
            isComplete = copies.Aggregate(true, (all, copy) => copy.CopySome(random.Next(3)) && all);
        }

        for (int shard = 0; shard < original.Shards; shard++)
        {
            copied.Load(shard, [.. copies[shard].ToBlocks().Select(block => block.ToArray())], rules, plan);
            copies[shard].Dispose();
        }

        AssertSame(restored, copied, seed, "as it was at the cut");
    }));

    [Fact]
    public void Load_OfASnapshotCutAnywhere_IsRefused()
    {
        using var market = new RandomMarket(seed: 5, Steps);
        LoopsUnderTest original = market.First;
        market.Play(Steps, original);
        byte[] whole = [.. original.Save(0).SelectMany(block => block)];

        for (int length = 0; length < whole.Length; length += 1 + (length / 100))
        {
            using var fresh = new LoopsUnderTest(market.Options);
            fresh.AddNamesOf(original);
            byte[][] cut = [whole[..length]];
            Assert.Throws<SnapshotException>(() => fresh.Load(0, cut, market.Rules, market.PlanOf(fresh)));
        }
    }

    [Fact]
    public void Load_OfASnapshotWithBytesChanged_RefusesOrLoads_ButNeverFailsOtherwise() => Check.One(Thorough, Prop.ForAll(Seeds.Any, seed =>
    {
        var random = new Random(seed);
        using var market = new RandomMarket(random.Next(20), Steps);
        LoopsUnderTest original = market.First;
        market.Play(Steps, original);
        byte[][] blocks = original.Save(0);
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            byte[] block = blocks[random.Next(blocks.Length)];
            block[random.Next(block.Length)] = (byte)random.Next(256);
        }

        using var fresh = new LoopsUnderTest(market.Options);
        fresh.AddNamesOf(original);
        try
        {
            fresh.Load(0, blocks, market.Rules, market.PlanOf(fresh));
        }
        catch (SnapshotException)
        {
        }
    }));

    [Theory]
    [InlineData("Shards", "start with PricingOptions.Shards = 2")]
    [InlineData("MaxUnits", "PricingOptions.MaxUnits")]
    [InlineData("MaxDecisions", "PricingOptions.MaxDecisions")]
    [InlineData("MaxIdempotencyKeys", "PricingOptions.MaxIdempotencyKeys")]
    [InlineData("Names", "known by name")]
    public void Load_IntoAnEngineThatDiffers_SaysWhatToDo(string difference, string advice)
    {
        using RandomMarket market = new(seed: Enumerable.Range(1, 1_000).First(IsRoomy), Steps);
        LoopsUnderTest original = market.First;
        market.Play(Steps, original);
        market.AskForAll();
        PricingOptions options = market.Options;
        options.Shards = difference == "Shards" ? 3 : options.Shards;
        options.MaxUnits = difference == "MaxUnits" ? 1 : options.MaxUnits;
        options.MaxDecisions = difference == "MaxDecisions" ? 1 : options.MaxDecisions;
        options.MaxIdempotencyKeys = difference == "MaxIdempotencyKeys" ? 1 : options.MaxIdempotencyKeys;
        using var other = new LoopsUnderTest(options);
        if (difference != "Names")
        {
            other.AddNamesOf(original);
        }

        SnapshotException refused = Assert.Throws<SnapshotException>(() =>
        {
            foreach (int shard in Enumerable.Range(0, original.Shards))
            {
                other.Load(shard, original.Save(shard), market.Rules, market.PlanOf(other));
            }
        });

        Assert.Contains(advice, refused.Message, StringComparison.Ordinal);
    }

    private static bool IsRoomy(int seed)
    {
        using var market = new RandomMarket(seed, 1);
        return market.Options is { Shards: 2, MaxUnits: > 3, MaxDecisions: > 3, MaxIdempotencyKeys: > 9 };
    }

    internal static LoopsUnderTest Restore(RandomMarket market)
    {
        var restored = new LoopsUnderTest(market.Options);
        restored.AddNamesOf(market.First);
        for (int shard = 0; shard < restored.Shards; shard++)
        {
            restored.Load(shard, market.First.Save(shard), market.Rules, market.PlanOf(restored));
        }

        return restored;
    }

    private static void AssertSame(LoopsUnderTest original, LoopsUnderTest restored, int seed, string when)
    {
        for (int shard = 0; shard < original.Shards; shard++)
        {
            byte[] expected = [.. original.Save(shard).SelectMany(block => block)];
            byte[] actual = [.. restored.Save(shard).SelectMany(block => block)];
            int same = expected.AsSpan().CommonPrefixLength(actual);
            Assert.True(same == expected.Length && same == actual.Length, $"seed {seed}, shard {shard}, {when}: the state differs from byte {same} of {expected.Length} on.");
        }

        Assert.Equal(original.ReservedKeys, restored.ReservedKeys);
    }
}
