using PricingCore.Events;
using PricingCore.Tokens;

namespace PricingCore.CrashedEngine;

/// <summary>What the lives before have acknowledged, checked by asking again.</summary>
internal static class Promises
{
    /// <summary>Asks the engine for everything in a file again, all at once.</summary>
    /// <param name="engine">The engine, just started.</param>
    /// <param name="file">
    /// Lines <c>event KEY</c> (acknowledged), <c>doubt KEY</c> (perhaps published, never acknowledged: either answer will do, and settles it) and
    /// <c>redeemed TOKEN REDEEMER</c>.
    /// </param>
    /// <returns>How many.</returns>
    /// <exception cref="BrokenPromiseException">An answer is not what was promised.</exception>
    public static async Task<int> CheckAsync(PricingEngine engine, string file)
    {
        string[] lines = await File.ReadAllLinesAsync(file);
        await Task.WhenAll(lines.Select(line => Task.Run(() => CheckAsync(engine, line.Split(' ')))));
        return lines.Length;
    }

    private static Task CheckAsync(PricingEngine engine, string[] words) => words switch
    {
        ["event", string key] => CheckEventAsync(engine, key, isSure: true),
        ["doubt", string key] => CheckEventAsync(engine, key, isSure: false),
        ["redeemed", string token, string redeemer] => CheckRedeemedAsync(engine, token, redeemer),
        _ => throw new BrokenPromiseException($"'{string.Join(' ', words)}' is no promise."),
    };

    private static async Task CheckEventAsync(PricingEngine engine, string key, bool isSure)
    {
        Rejection answer = await engine.PublishAsync(Market.EventOf(key));
        if (answer != Rejection.Duplicate && (isSure || answer != Rejection.None))
        {
            throw new BrokenPromiseException($"event {key} was acknowledged before, and now the answer is {answer}");
        }
    }

    private static async Task CheckRedeemedAsync(PricingEngine engine, string token, string redeemer)
    {
        Redemption another = await engine.RedeemAsync(token, redeemer + "-not");
        Redemption again = await engine.RedeemAsync(token, redeemer);
        if (another.Outcome != RedemptionOutcome.RedeemedByAnother || again.Outcome != RedemptionOutcome.AlreadyRedeemed || again.RedeemedAt is null)
        {
            throw new BrokenPromiseException($"{redeemer} has redeemed {token} before, and now another gets {another.Outcome}, and it {again.Outcome}");
        }
    }
}
