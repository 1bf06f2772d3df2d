using FsCheck;
using FsCheck.Fluent;
using PricingCore.Features;

namespace PricingCore.Tests.Features;

/// <summary>
/// Goal: as long as an entry can matter its last minute is known, through any change of generations; a full table says so.
/// Method: random touches over hours against a dictionary.
/// </summary>
public sealed class SessionTableTests
{
    [Fact]
    public void TryTouch_ForAnyScript_KnowsWhatCanStillMatter() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2_000), Prop.ForAll(Seeds.Any, seed =>
        {
            var random = new Random(seed);
            var table = new SessionTable(100, 46);
            var model = new Dictionary<ulong, long>();
            long now = 29_000_000;
            for (int i = 0; i < 200; i++)
            {
                now += random.Next(10) switch { < 6 => 0, < 8 => 1, 8 => random.Next(20), _ => random.Next(120) };
                ulong key = 1 + (ulong)random.Next(40) * 256;
                long minute = now - random.Next(15);
                Assert.True(table.TryTouch(key, minute, now, out long previous));
                long known = model.GetValueOrDefault(key);
                if (known >= now - 30)
                {
                    Assert.Equal(known, previous);
                }
                else
                {
                    Assert.True(previous == known || previous == 0);
                }

                model[key] = Math.Max(known, minute);
            }
        }));

    [Fact]
    public void TryTouch_WhenFull_CountsTheOverflowAndKeepsTheKnown()
    {
        var table = new SessionTable(3, 46);
        for (ulong key = 1; key <= 3; key++)
        {
            Assert.True(table.TryTouch(key, 1_000, 1_000, out _));
        }

        Assert.False(table.TryTouch(4, 1_000, 1_000, out _));
        Assert.Equal(1, table.Overflow);
        Assert.True(table.TryTouch(2, 1_001, 1_001, out long previous));
        Assert.Equal(1_000, previous);
        Assert.True(table.TryTouch(4, 1_100, 1_100, out _));
    }
}
