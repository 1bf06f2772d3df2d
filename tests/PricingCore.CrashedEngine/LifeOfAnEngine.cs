using System.Globalization;
using PricingCore.Events;
using PricingCore.Journal;
using PricingCore.Quotes;
using PricingCore.Tokens;

namespace PricingCore.CrashedEngine;

/// <summary>One life of an engine: it starts where the last one ended, keeps the promises of that one, and makes its own until it is killed.</summary>
internal static class LifeOfAnEngine
{
    /// <summary>Publishers at work at once; those who start a life know that each has at most one event in doubt.</summary>
    private const int Publishers = 6;

    /// <returns>0 when it ended as told; 1 when a promise was broken.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        using var acknowledged = new Acknowledgements();
        try
        {
            Durability durability = args.Length > 4 ? Enum.Parse<Durability>(args[4]) : Durability.Durable;
            await using PricingEngine engine = PricingEngine.Start(Market.OptionsIn(args[0], durability));
            RecoveryReport recovery = engine.Recovery;
            acknowledged.Say(string.Create(
                CultureInfo.InvariantCulture,
                $"ready applied={engine.Statistics.Applied} records={recovery.Records} snapshot={recovery.Snapshot ?? 0} cut={recovery.BytesCut} confirmed={recovery.DecisionsConfirmed} difference={recovery.Difference}"));
            int kept = await Promises.CheckAsync(engine, args[1]);
            acknowledged.Say(string.Create(CultureInfo.InvariantCulture, $"checked {kept}"));
            if (args[3] == "work")
            {
                await Task.WhenAny(Enumerable.Range(0, Publishers).Select(publisher => Task.Run(() => WorkAsync(engine, acknowledged, $"{args[2]}-{publisher}"))).ToArray()).Unwrap();
            }

            return 0;
        }
        catch (BrokenPromiseException broken)
        {
            acknowledged.Say("broken " + broken.Message);
            return 1;
        }
    }

    private static async Task WorkAsync(PricingEngine engine, Acknowledgements acknowledged, string publisher)
    {
        for (int count = 0; ; count++)
        {
            string key = string.Create(CultureInfo.InvariantCulture, $"{publisher}-{count}");
            Rejection answer = await engine.PublishAsync(Market.EventOf(key));
            if (answer != Rejection.None)
            {
                throw new BrokenPromiseException($"new event {key} was answered by {answer}");
            }

            acknowledged.Say("event " + key);
            if (count % 3 == 0)
            {
                Quote quote = await engine.QuoteAsync(Market.RequestOf(key));
                acknowledged.Say("decision " + quote.Decision.Id);
                if (count % 2 == 0)
                {
                    await RedeemAsync(engine, acknowledged, quote, "booking-" + key);
                }
            }
        }
    }

    private static async Task RedeemAsync(PricingEngine engine, Acknowledgements acknowledged, Quote quote, string redeemer)
    {
        string token = engine.Sign(quote);
        Redemption redemption = await engine.RedeemAsync(token, redeemer);
        if (redemption.Outcome != RedemptionOutcome.Redeemed)
        {
            throw new BrokenPromiseException($"{redeemer} redeemed a new quote and got {redemption.Outcome}");
        }

        acknowledged.Say($"redeemed {token} {redeemer}");
    }
}
