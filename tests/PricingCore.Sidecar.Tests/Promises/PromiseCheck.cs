using System.Net;
using System.Text.Json;

namespace PricingCore.Sidecar.Tests.Promises;

/// <summary>Asks a sidecar for everything that its lives before have promised, and settles what was in doubt.</summary>
internal static class PromiseCheck
{
    /// <summary>Asks a sidecar that is ready.</summary>
    /// <returns>Whether it began with a snapshot, so that the journal's tail was less than all there was.</returns>
    public static async Task<bool> AskAsync(SidecarProgram sidecar, HttpCalls calls, HttpPromises promises)
    {
        string[] doubts = promises.Doubts;
        JsonElement status = await sidecar.StatusAsync();
        Assert.Equal(JsonValueKind.Null, status.GetProperty("journal").GetProperty("difference").ValueKind);
        bool isFromSnapshot = status.GetProperty("journal").GetProperty("recovered_records").GetInt64() < promises.Events;
        Assert.InRange(Applied(status), promises.Events, promises.Events + doubts.Length);

        await SendAgainAsync(calls, promises, promises.EventsAgain, isSure: true);
        await SendAgainAsync(calls, promises, doubts, isSure: false);
        Assert.Equal(promises.Events, Applied(await sidecar.StatusAsync()));
        await AskForQuotesAsync(calls, promises);
        return isFromSnapshot;
    }

    private static async Task SendAgainAsync(HttpCalls calls, HttpPromises promises, string[] keys, bool isSure)
    {
        if (keys.Length == 0)
        {
            return;
        }

        (_, Dictionary<int, string> results) = await calls.PublishAsync(HttpEvent.ArrayOf(keys.Select(HttpEvent.Of)));
        for (int place = 0; place < keys.Length; place++)
        {
            bool isRight = HttpCalls.IsDuplicate(results, place) || (!isSure && HttpCalls.IsTaken(results, place));
            Assert.True(isRight, $"{keys[place]} was {(isSure ? "acknowledged" : "sent")} before, and now the answer is {results.GetValueOrDefault(place)}.");
            promises.Acknowledge(keys[place]);
        }
    }

    private static async Task AskForQuotesAsync(HttpCalls calls, HttpPromises promises)
    {
        foreach (ServedQuote quote in promises.Explained)
        {
            (HttpStatusCode status, JsonElement json) = await calls.ExplainAsync("request_id=" + quote.RequestId);
            Assert.True(status == HttpStatusCode.OK, $"{quote} was explained before, and now the answer is {(int)status} {json}");
            Assert.Equal((quote.Price, quote.DecisionId), (json.GetProperty("price").GetRawText(), json.GetProperty("decision_id").GetString()));
        }

        foreach (ServedQuote quote in promises.Decided)
        {
            (HttpStatusCode status, JsonElement json) = await calls.ExplainAsync("decision_id=" + quote.DecisionId);
            Assert.True(status == HttpStatusCode.OK, $"{quote} was answered before, and now its decision is not known: {(int)status} {json}");
            Assert.Equal(quote.Multiplier, json.GetProperty("surge_multiplier").GetRawText());
        }

        foreach (RedeemedQuote quote in promises.Redeemed)
        {
            (HttpStatusCode other, _) = await calls.RedeemAsync(quote.Token, quote.RedemptionId + "-not");
            (HttpStatusCode again, JsonElement json) = await calls.RedeemAsync(quote.Token, quote.RedemptionId);
            Assert.True(other == HttpStatusCode.Conflict && again == HttpStatusCode.OK, $"{quote}: another got {(int)other}, and it {(int)again} {json}");
            Assert.Equal(("already_redeemed", quote.Price), (json.GetProperty("outcome").GetString(), json.GetProperty("price").GetRawText()));
        }
    }

    private static long Applied(JsonElement status) => status.GetProperty("events").GetProperty("applied").GetInt64();
}
