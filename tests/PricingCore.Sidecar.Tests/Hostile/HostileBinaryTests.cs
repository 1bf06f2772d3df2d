using System.Net;
using PricingCore.Client;
using PricingCore.Quotes;

namespace PricingCore.Sidecar.Tests.Hostile;

/// <summary>
/// Goal: over the binary protocol of the real process, too, who is slow to say hello, claims a frame of gigabytes or comes in a crowd is cut off at the configured limit.
/// Method: raw sockets; what single frames can do wrong is tested in PricingCore.Client.Tests.
/// Control: with a HelloTimeout of a minute the slow ones are borne until the test gives up.
/// </summary>
[Collection(Attacks.Name)]
public sealed class HostileBinaryTests(AttackedSidecar sidecar)
{
    [Fact]
    public async Task SlowHello_AndClaimsOfGigabytes_AreCutOff()
    {
        byte[][] attacks = [[40, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0x7F], []];
        await Task.WhenAll(attacks.SelectMany(attack => Enumerable.Repeat(attack, 4)).Select(async attack =>
        {
            using HostileConnection slow = await HostileConnection.ToAsync(sidecar.BinaryPort, attack);
            (_, TimeSpan borne) = await slow.DripAsync(1);
            Assert.True(borne < TimeSpan.FromSeconds(9), $"{Convert.ToHexString(attack)} was borne {borne}.");
        }));
        await AssertServesAsync();
    }

    [Fact]
    public async Task Crowd_IsHeldToTheLimit_AndGoesAwayByItself()
    {
        HostileConnection[] crowd = [.. await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => HostileConnection.ToAsync(sidecar.BinaryPort, "")))];

        await Task.WhenAll(crowd.Select(client => client.ReadToEndAsync()));

        Array.ForEach(crowd, client => client.Dispose());
        await AssertServesAsync();
    }

    private async Task AssertServesAsync()
    {
        await using var client = new PricingClient(new PricingClientOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, sidecar.BinaryPort) });
        Assert.Equal(QuoteRefusal.None, (await client.QuoteAsync(new QuoteRequest("a"), TestContext.Current.CancellationToken)).Refusal);
        await sidecar.AssertServesAsync();
    }
}
