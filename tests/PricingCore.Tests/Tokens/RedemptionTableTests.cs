using PricingCore.Events;
using PricingCore.Snapshots;
using PricingCore.Tests.Rules;
using PricingCore.Tokens;

namespace PricingCore.Tests.Tokens;

/// <summary>
/// Goal: a quote is redeemed once while it holds, by the first who asks; the table refuses rather than forgets; a copy is the same table.
/// Method: random scripts against a plain list that never forgets; examples at the ends.
/// Control: with entries forgotten at the end of the quote and not a minute later, the script that lengthens the grace redeems twice.
/// </summary>
public sealed class RedemptionTableTests
{
    private const long Second = 1_000_000;
    private const long Minute = 60 * Second;

    [Fact]
    public void Apply_AsThePlainList_ForAnyScript() => Draws.Hold(draws =>
    {
        const int Capacity = 6;
        var table = new RedemptionTable(Capacity);
        var plain = new List<(ulong Token, ulong Redeemer, long EndsAt, long At)>();
        long now = 1_000 * Minute;
        for (int step = 0; step < 40; step++)
        {
            now += draws.Coin() ? draws.Long(0, 40 * Second) : 0;
            ulong token = (ulong)draws.Int(1, 12);
            ulong redeemer = (ulong)draws.Int(1, 3);
            long endsAt = (1_000 * Minute) + ((long)token * 37 * Second);
            uint grace = (uint)(draws.Int(0, 60) * Second);

            RedemptionAnswer answer = table.Apply(Record(token, redeemer, endsAt, grace, now), now);

            var known = plain.FirstOrDefault(entry => entry.Token == token);
            bool isRemembered = known.Token != 0 && now < known.EndsAt + Minute;
            RedemptionOutcome expected = isRemembered
                ? known.Redeemer == redeemer ? RedemptionOutcome.AlreadyRedeemed : RedemptionOutcome.RedeemedByAnother
                : now >= endsAt + grace ? RedemptionOutcome.Expired
                : plain.Count(entry => now < entry.EndsAt + Minute) == Capacity ? RedemptionOutcome.TooManyRedemptions
                : RedemptionOutcome.Redeemed;
            Assert.Equal(expected, answer.Outcome);
            Assert.Equal(isRemembered ? known.At : expected == RedemptionOutcome.Redeemed ? now : 0, answer.FirstAt);
            if (expected == RedemptionOutcome.Redeemed)
            {
                Assert.NotEqual(token, known.Token); // Never twice, however late.
                plain.Add((token, redeemer, endsAt, now));
            }

            if (draws.Int(0, 7) == 0)
            {
                table = Copy(table, Capacity);
            }

            Assert.Equal(plain.Count(entry => now < entry.EndsAt + Minute), table.Count);
        }
    });

    [Fact]
    public void Apply_WhenFull_RefusesUntilOneHasEnded()
    {
        var table = new RedemptionTable(2);
        Assert.Equal(RedemptionOutcome.Redeemed, Apply(table, 1, Minute, now: 1));
        Assert.Equal(RedemptionOutcome.Redeemed, Apply(table, 2, 2 * Minute, now: 1));
        Assert.Equal(RedemptionOutcome.TooManyRedemptions, Apply(table, 3, 9 * Minute, now: (2 * Minute) - 1));
        Assert.Equal(RedemptionOutcome.AlreadyRedeemed, Apply(table, 1, Minute, now: (2 * Minute) - 1));
        Assert.Equal(RedemptionOutcome.Redeemed, Apply(table, 3, 9 * Minute, now: 2 * Minute));
        Assert.Equal(RedemptionOutcome.Expired, Apply(table, 1, Minute, now: 2 * Minute));
    }

    [Fact]
    public void Apply_WithoutRoom_RefusesAll() =>
        Assert.Equal(RedemptionOutcome.TooManyRedemptions, Apply(new RedemptionTable(0), 1, Minute, now: 1));

    [Fact]
    public void Apply_AfterStart_AllocatesNothing()
    {
        var table = new RedemptionTable(1_000);
        ulong token = 0;
        long now = 0;
        Assert.Equal(0, AllocatedBytes.Of(() =>
        {
            for (int i = 0; i < 3_000; i++)
            {
                now += Second;
                Apply(table, ++token, now + Minute, now);
            }
        }));
    }

    [Fact]
    public void Load_OfADamagedCopy_SaysSoOrIsATable()
    {
        var table = new RedemptionTable(16);
        for (ulong token = 1; token <= 9; token++)
        {
            Apply(table, token, Minute * (long)(10 - token), now: 1);
        }

        using var writer = new StateWriter();
        table.Save(writer);
        byte[] whole = Bytes(writer);
        for (int bit = 0; bit < 8 * whole.Length; bit++)
        {
            byte[] altered = [.. whole];
            altered[bit / 8] ^= (byte)(1 << (bit % 8));
            var copy = new RedemptionTable(16);
            try
            {
                copy.Load(StateReader.Of([altered]));
            }
            catch (SnapshotException)
            {
                continue;
            }

            copy.Expire(long.MaxValue / 2);
            Assert.InRange(copy.Count, 0, 16);
        }

        Assert.Throws<SnapshotException>(() => new RedemptionTable(8).Load(StateReader.Of([whole])));
        Assert.Throws<SnapshotException>(() => new RedemptionTable(16).Load(StateReader.Of([whole.AsMemory(..^1)])));
    }

    private static byte[] Bytes(StateWriter writer) => [.. writer.Blocks.SelectMany(block => block.ToArray())];

    private static RedemptionTable Copy(RedemptionTable table, int capacity)
    {
        using var writer = new StateWriter();
        table.Save(writer);
        var copy = new RedemptionTable(capacity);
        var reader = StateReader.Of([Bytes(writer)]);
        copy.Load(reader);
        Assert.True(reader.IsAtEnd);
        return copy;
    }

    private static RedemptionOutcome Apply(RedemptionTable table, ulong token, long endsAt, long now) =>
        table.Apply(Record(token, redeemer: 1, endsAt, graceMicros: 0, now), now).Outcome;

    // Tokens that share the low half share a chain.
    private static AcceptedEvent Record(ulong token, ulong redeemer, long endsAt, uint graceMicros, long now) =>
        AcceptedEvent.QuoteRedeemed(
            AcceptedEvent.EveryRegion, new UInt128(token, token % 4), new UInt128(redeemer, 7), endsAt, graceMicros, now, receipt: 0);
}
