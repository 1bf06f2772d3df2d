using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using PricingCore.Tokens;

namespace PricingCore.AspNetCore.Tests.Compute;

/// <summary>
/// Goal: a price from the book allocates no more than a bare endpoint that returns as many bytes; 200 bytes more would be allowed.
/// Method: the same requests over a socket, by a client that allocates nothing, to compute and to an endpoint that returns bytes; all that the process allocated, divided.
/// Control: with an array of 400 bytes made for each request it fails.
/// </summary>
[Collection(nameof(AloneInTheProcess))]
public sealed class ComputeAllocationTests
{
    private const int Requests = 3_000;

    [Theory]
    [InlineData("""{"region_id":"airport","product_type":"standard"}""")]
    [InlineData("""{"request_id":"0b7c1f9e-8d7a-4f0a-9d0b-2f6f1f0c9a51","region_id":"airport","product_type":"standard","user_id":"somebody-4711"}""")]
    public async Task Compute_FromTheBook_AllocatesNoMoreThanABareEndpoint(string body)
    {
        byte[] json = new byte[900];
        await using PricingServer server = await PricingServer.StartAsync(map: app => app.MapPost("/bare", () => TypedResults.Bytes(json, "application/json")));
        using var client = new RawHttp(server.Address);

        double bare = Measure(client, RawHttp.Post("/bare", body));
        double compute = Measure(client, RawHttp.Post("/api/v1/pricing/compute", body));

        Assert.True(compute <= bare, $"compute allocates {compute:F0} bytes a request, a bare endpoint {bare:F0}.");
    }

    /// <summary>Control: with the answers kept as they are served, as they once were, 730 bytes of each request stay.</summary>
    [Fact]
    public async Task Compute_OfManyRequestIds_KeepsNoTextOfThem()
    {
        await using PricingServer server = await PricingServer.StartAsync(options => options.Signing = new SigningOptions { Keys = ComputeEndpointTests.Keys() });
        using var client = new RawHttp(server.Address);
        Ask(client, from: 0);
        long before = GC.GetTotalMemory(forceFullCollection: true);

        Ask(client, from: Requests);

        long kept = (GC.GetTotalMemory(forceFullCollection: true) - before) / Requests;
        Assert.True(kept < 150, $"{kept} bytes of each request stay.");
    }

    private static void Ask(RawHttp client, int from)
    {
        for (int i = from; i < from + Requests; i++)
        {
            byte[] request = RawHttp.Post("/api/v1/pricing/compute", $$"""{"request_id":"0b7c1f9e-8d7a-4f0a-{{i:d16}}","region_id":"airport","user_id":"somebody-{{i}}"}""");
            Assert.Equal(StatusCodes.Status200OK, client.Ask(request));
        }
    }

    private static double Measure(RawHttp client, byte[] request)
    {
        double least = double.MaxValue; // The runtime's own allocations come and go; the endpoint's are in every round.
        for (int round = 0; round < 4; round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int i = 0; i < Requests; i++)
            {
                Assert.Equal(StatusCodes.Status200OK, client.Ask(request));
            }

            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Requests);
        }

        return least;
    }
}

/// <summary>Tests that measure what the whole process does: no other runs beside them.</summary>
[CollectionDefinition(nameof(AloneInTheProcess), DisableParallelization = true)]
public sealed class AloneInTheProcess;
