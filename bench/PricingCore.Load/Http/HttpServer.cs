using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PricingCore.AspNetCore;
using PricingCore.AspNetCore.Binary;
using PricingCore.Bench.Workload;

namespace PricingCore.Load.Http;

/// <summary>
/// The process that is measured: an engine behind its HTTP interface and its binary protocol, and beside it a bare minimal API that answers with the same bytes. Prints its two
/// ports, says what it has allocated at <c>/allocated</c> and how its memory stands at <c>/memory</c>, and ends when its input does.
/// </summary>
internal static class HttpServer
{
    public const string Command = "http-server";

    public static async Task<int> RunAsync(string[] args)
    {
        int regions = int.Parse(args[0], CultureInfo.InvariantCulture);
        var stream = new MarketStream(regions);
        await using PricingEngine engine = PricingEngine.Start(new PricingOptions { Rules = MarketStream.Rules, Regions = stream.Regions, UserEventsPerMinute = 0 });
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UsePricingProtocol());
        });
        builder.Services.AddSingleton(engine);
        WebApplication app = builder.Build();
        app.MapPricing();

        byte[] answer = [];
        app.MapPost("/bare", () => TypedResults.Bytes(answer, "application/json"));
        app.MapPost("/answer", async (HttpRequest request) =>
        {
            using var bytes = new MemoryStream();
            await request.Body.CopyToAsync(bytes);
            answer = bytes.ToArray();
        });
        app.MapGet("/allocated", () => TypedResults.Text(GC.GetTotalAllocatedBytes(precise: true).ToString(CultureInfo.InvariantCulture)));
        app.MapGet("/memory", () => TypedResults.Text(string.Create(
            CultureInfo.InvariantCulture, $"{GC.GetGCMemoryInfo().HeapSizeBytes} {GC.CollectionCount(2)} {GC.GetTotalPauseDuration().TotalMilliseconds:F0}")));
        await app.StartAsync();

        ICollection<string> addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses; // In the order above.
        Console.WriteLine(string.Join(' ', addresses.Select(address => new Uri(address).Port)));
        _ = await Console.In.ReadLineAsync(); // Ends with the process that started this one.
        await app.DisposeAsync();
        return 0;
    }
}
