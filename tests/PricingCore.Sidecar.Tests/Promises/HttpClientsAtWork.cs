using System.Globalization;
using System.Net;

namespace PricingCore.Sidecar.Tests.Promises;

/// <summary>Clients that send events and ask for prices until the process that answers them is gone; each notes what it was promised once it has read the whole answer.</summary>
internal sealed class HttpClientsAtWork(HttpCalls calls, HttpPromises promises, string life)
{
    private const int ArrayLength = 8;
    private const int Lines = 40;
    private const int MostAsked = 20;

    /// <summary>Works until the process is gone.</summary>
    public Task RunAsync() => Task.WhenAll(
        UntilGoneAsync(count => SendAsync("one", count, 1, HttpEvent.ArrayOf, isMixed: false)),
        UntilGoneAsync(count => SendAsync("array", count, ArrayLength, HttpEvent.ArrayOf, isMixed: true)),
        UntilGoneAsync(count => SendAsync("lines", count, Lines, HttpEvent.LinesOf, isMixed: count % 2 == 0)),
        UntilGoneAsync(count => BuyAsync("buyer", count, explains: false)),
        UntilGoneAsync(count => BuyAsync("asker", count, explains: true)));

    private static async Task UntilGoneAsync(Func<int, Task> step)
    {
        try
        {
            for (int count = 0; ; count++)
            {
                await step(count);
            }
        }
        catch (HttpRequestException)
        {
            // It is gone; what was not answered stays in doubt.
        }
    }

    private async Task SendAsync(string client, int count, int length, Func<IEnumerable<string>, HttpContent> write, bool isMixed)
    {
        string[] keys = [.. Enumerable.Range(count * length, length).Select(number => string.Create(CultureInfo.InvariantCulture, $"{life}-{client}-{number}"))];
        List<string> events = [.. keys.Select(HttpEvent.Of)];
        int bad = isMixed ? length / 2 : -1;
        if (isMixed)
        {
            events[bad] = HttpEvent.Unknown; // Refused, and the others taken all the same.
        }

        promises.Send(keys.Where((_, place) => place != bad));
        (HttpStatusCode status, Dictionary<int, string> results) = await calls.PublishAsync(write(events));
        Assert.Equal(isMixed ? HttpStatusCode.MultiStatus : HttpStatusCode.Accepted, status);
        for (int place = 0; place < length; place++)
        {
            Assert.True(HttpCalls.IsTaken(results, place) != (place == bad), $"{keys[place]} is new and was answered by {results.GetValueOrDefault(place)}.");
            if (place != bad)
            {
                promises.Acknowledge(keys[place]);
            }
        }
    }

    private async Task BuyAsync(string client, int count, bool explains)
    {
        string id = string.Create(CultureInfo.InvariantCulture, $"{life}-{client}-{count}");
        (ServedQuote quote, string token) = await calls.ComputeAsync(id, HttpEvent.RegionOf(id));
        promises.Serve(quote);
        if (explains)
        {
            HttpStatusCode found = HttpStatusCode.NotFound;
            for (int asked = 0; asked < MostAsked && found == HttpStatusCode.NotFound; asked++)
            {
                (found, _) = await calls.ExplainAsync("request_id=" + id); // Waits a second for the record; the disk of a busy machine may take longer.
            }

            Assert.True(found == HttpStatusCode.OK, $"{id} was priced, and its explanation is answered by {(int)found}.");
            promises.Explain(quote);
            return;
        }

        (HttpStatusCode status, System.Text.Json.JsonElement answer) = await calls.RedeemAsync(token, "booking-" + id);
        Assert.True(status == HttpStatusCode.OK && answer.GetProperty("outcome").GetString() == "redeemed", $"{id}: {(int)status} {answer}");
        promises.Redeem(new RedeemedQuote(token, "booking-" + id, quote.Price));
    }
}
