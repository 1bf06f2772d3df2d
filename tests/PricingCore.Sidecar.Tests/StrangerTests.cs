using System.Net;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using PricingCore.Client;
using PricingCore.Protocol;
using PricingCore.Tests;

namespace PricingCore.Sidecar.Tests;

/// <summary>
/// Goal: on addresses that the network can reach, who shows no credential is answered nothing but health: by no route there is, however it is written, and not by the binary protocol.
/// Method: a real sidecar on 0.0.0.0; the routes are those that it says it has, so that a new one is covered by itself. The requests come by loopback, which must not help.
/// Control: without BinaryListener's NetworkAuthenticator the binary protocol lets the stranger in, as it did until this test was written.
/// </summary>
public sealed class StrangerTests : IDisposable
{
    private const int LeastRoutes = 20;
    private readonly ScratchFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Stranger_GetsHealth_AndNothingElseOfAnyRoute()
    {
        await using RunningSidecar sidecar = await RunningSidecar.StartAsync(
            "--data", _folder.At("data"), "--listen", "http://0.0.0.0:0", "--listen", "binary://0.0.0.0:0", "--admin", "http://0.0.0.0:0");
        int[] ports = [.. sidecar.Urls.Select(url => new Uri(url).Port)];
        RouteEndpoint[] routes = [.. sidecar.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];
        Assert.True(routes.Length >= LeastRoutes, $"Only {routes.Length} routes.");
        using var client = new HttpClient();
        int refused = 0;
        foreach (RouteEndpoint route in routes)
        {
            string path = route.RoutePattern.RawText!;
            Assert.DoesNotContain('{', path); // Such a route would have to be written otherwise here.
            foreach (string method in route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"])
            {
                foreach (int port in new[] { ports[0], ports[2] })
                {
                    refused += await AskAsync(client, port, isForOperators: port == ports[2], method, path) ? 0 : 1;
                }
            }
        }

        Assert.Equal(2 * (routes.Length - 2), refused); // All but the two of health, on both addresses; each has one method.
        await using var binary = new PricingClient(new PricingClientOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, ports[1]) });
        Assert.Equal(ProtocolErrorCode.Unauthenticated, (await Assert.ThrowsAsync<PricingProtocolException>(() => binary.ConnectAsync(Cancellation))).Code);
    }

    /// <returns>Whether it was answered.</returns>
    private static async Task<bool> AskAsync(HttpClient client, int port, bool isForOperators, string method, string path)
    {
        bool isHealth = path is "/healthz" or "/readyz";
        bool isOperators = path == "/metrics" || path.StartsWith("/api/v1/admin", StringComparison.Ordinal);
        HttpStatusCode expected = isHealth ? HttpStatusCode.OK : isOperators && !isForOperators ? HttpStatusCode.NotFound : HttpStatusCode.Unauthorized;
        foreach (string written in isHealth ? (string[])[path] : [path, path + "/", path.ToUpperInvariant(), path + "?x=1", path[..^1] + $"%{(int)path[^1]:X2}"])
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), $"http://127.0.0.1:{port}{written}");
            using HttpResponseMessage answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
            Assert.True(answer.StatusCode == expected, $"{method} {written} on the {(isForOperators ? "operators' " : "")}address: {(int)answer.StatusCode}, not {(int)expected}.");
        }

        return isHealth;
    }
}
