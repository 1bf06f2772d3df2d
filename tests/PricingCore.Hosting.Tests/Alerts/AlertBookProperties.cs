using FsCheck;
using FsCheck.Fluent;
using PricingCore.Hosting.Alerts;

namespace PricingCore.Hosting.Tests.Alerts;

/// <summary>
/// Goal: each alert is told once when it begins and once when it ends, no more often than the quiet time allows, and nothing is remembered for ever.
/// Method: random histories of things that last and things that happen; what was told is checked against the whole history.
/// Control: with ends told of what was never told, with the quiet time counted from the end, and with nothing forgotten, it fails.
/// </summary>
public sealed class AlertBookProperties
{
    private static readonly DateTimeOffset Start = new(2026, 3, 4, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Told_IsOnceEach_AndQuietBetween() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        TimeSpan quiet = TimeSpan.FromSeconds(random.Next(4) == 0 ? 0 : random.Next(1, 60));
        var book = new AlertBook(quiet);
        var lasts = new bool[5];
        var since = new DateTimeOffset?[5];
        var raisedAt = new DateTimeOffset?[5];
        var isTold = new bool[5];
        DateTimeOffset now = Start;
        for (int step = 0; step < 120; step++)
        {
            now += TimeSpan.FromSeconds(random.Next(1, 12));
            for (int i = 0; i < 4; i++)
            {
                lasts[i] ^= random.Next(6) == 0;
                since[i] = lasts[i] ? since[i] ?? now : null;
            }

            EngineAlert[] moments = random.Next(3) == 0 ? [new EngineAlert("moment", "", "") { StartedAt = now }] : [];
            IReadOnlyList<EngineAlert> told = book.Update(now, [.. Enumerable.Range(0, 4).Where(i => lasts[i]).Select(i => new EngineAlert("kind", "" + i, ""))], moments);

            Assert.Equal(told.Count, told.Select(alert => (alert.Kind, alert.Subject)).Distinct().Count());
            for (int i = 0; i < 5; i++)
            {
                EngineAlert? alert = told.SingleOrDefault(alert => i == 4 ? alert.Kind == "moment" : alert.Subject == "" + i);
                bool mayRaise = raisedAt[i] is null || now - raisedAt[i] >= quiet;
                bool shouldRaise = mayRaise && (i == 4 ? moments.Length > 0 : lasts[i] && !isTold[i]);
                bool shouldResolve = i < 4 && isTold[i] && !lasts[i];
                Assert.True((shouldRaise || shouldResolve) == alert is not null, $"seed {seed}, step {step}, {i}: {alert}");
                if (alert is null)
                {
                    continue;
                }

                Assert.Equal(shouldResolve, alert.ResolvedAt is not null);
                Assert.True(i == 4 || shouldResolve || alert.StartedAt == since[i], $"seed {seed}: {alert}");
                raisedAt[i] = shouldRaise ? now : raisedAt[i];
                isTold[i] = i < 4 && !shouldResolve;
            }

            Assert.InRange(book.Count, 0, 5);
        }

        book.Update(now += TimeSpan.FromDays(1), [], []);
        book.Update(now + TimeSpan.FromDays(1), [], []);
        Assert.Equal(0, book.Count);
    }));

    [Fact]
    public void Book_ThatIsFull_TellsOfNothingNew()
    {
        var book = new AlertBook(TimeSpan.FromMinutes(1));
        EngineAlert[] spikes = [.. Enumerable.Range(0, AlertBook.Capacity + 5).Select(i => new EngineAlert("demand_spike", "zone-" + i, "") { StartedAt = Start })];

        Assert.Equal(AlertBook.Capacity, book.Update(Start, [], spikes).Count);
        Assert.Equal(AlertBook.Capacity, book.Count);
    }

    [Fact]
    public void Id_IsThatOfTheMessage_NotOfTheAttempt()
    {
        var alert = new EngineAlert("a", "b", "one reason") { StartedAt = Start };

        Assert.Equal(alert.IdFor("east"), (alert with { Reason = "another" }).IdFor("east"));
        Assert.NotEqual(alert.IdFor("east"), alert.IdFor("west"));
        Assert.NotEqual(alert.IdFor("east"), (alert with { ResolvedAt = Start }).IdFor("east"));
        Assert.Matches("^msg_[0-9a-f]{32}$", alert.IdFor("east\r\nx: y"));
    }
}
