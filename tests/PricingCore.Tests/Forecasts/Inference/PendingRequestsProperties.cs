using FsCheck;
using FsCheck.Fluent;
using PricingCore.Events;

namespace PricingCore.Tests.Forecasts.Inference;

/// <summary>
/// Goal: what waits is answered once, in the order of asking, by region and horizon or by deadline.
/// Method: play random scripts on the circular buffer and on a plain list, and compare every answer.
/// Control: with the link of a taken request left as it was, a request comes twice.
/// </summary>
public sealed class PendingRequestsProperties
{
    private const int Capacity = 8;
    private const int Regions = 3;

    [Fact]
    public void Requests_AnswerLikeAList() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2_000), Prop.ForAll(ArbMap.Default.ArbFor<int[]>(), AnswersLikeAList));

    private static void AnswersLikeAList(int[] script)
    {
        var pending = new PendingRequests(Capacity, Regions);
        var model = new List<(int Region, int Horizon, int Receipt, long AskedAt)>();
        int receipt = 0;
        long now = 100;
        foreach (int step in script)
        {
            int region = Math.Abs(step % Regions);
            int horizon = 15 * (1 + Math.Abs(step / 4 % 2));
            now += Math.Abs(step % 5);
            switch (Math.Abs(step / 8 % 4))
            {
                case 0 or 1:
                    receipt++;
                    bool fits = pending.TryAdd(AcceptedEvent.DecisionRequested(region, 0, now, receipt, afresh: false), horizon, now);
                    if (fits)
                    {
                        model.Add((region, horizon, receipt, now));
                    }
                    else
                    {
                        Assert.True(model.Count > 0);
                    }

                    break;
                case 2:
                    int found = model.FindIndex(m => m.Region == region && m.Horizon == horizon);
                    Assert.Equal(found >= 0, pending.TryTakeOf(region, horizon, out AcceptedEvent taken));
                    Remove(found, taken);
                    break;
                default:
                    int due = model.Count > 0 && model[0].AskedAt <= now - 4 ? 0 : -1;
                    Assert.Equal(due >= 0, pending.TryTakeAskedBy(now - 4, out AcceptedEvent late));
                    Remove(due, late);
                    break;
            }

            Assert.Equal(model.Count == 0, pending.IsEmpty);
            Assert.Equal(model.Select(m => (m.Region, m.Horizon)), pending.All());
            Assert.Equal(Enumerable.Range(0, Regions).Select(r => model.Exists(m => m.Region == r)), Enumerable.Range(0, Regions).Select(pending.IsAnyOf));
            if (model.Count > 0)
            {
                Assert.Equal(model[0].AskedAt, pending.OldestAskedAt);
            }
        }

        void Remove(int index, in AcceptedEvent taken)
        {
            if (index >= 0)
            {
                Assert.Equal(model[index].Receipt, taken.Receipt);
                model.RemoveAt(index);
            }
        }
    }

    [Fact]
    public void TryAdd_WhenAsManyWaitAsMay_Refuses()
    {
        var pending = new PendingRequests(Capacity, Regions);
        for (int i = 1; i <= Capacity; i++)
        {
            Assert.True(pending.TryAdd(AcceptedEvent.DecisionRequested(0, 0, i, i, afresh: false), 15, i));
        }

        Assert.False(pending.TryAdd(AcceptedEvent.DecisionRequested(1, 0, 99, 99, afresh: false), 15, 99));
        Assert.True(pending.TryTakeOf(0, 15, out AcceptedEvent first));
        Assert.Equal(1, first.Receipt);
        Assert.True(pending.TryAdd(AcceptedEvent.DecisionRequested(1, 0, 99, 99, afresh: false), 15, 99));
    }
}
