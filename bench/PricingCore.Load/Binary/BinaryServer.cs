using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PricingCore.AspNetCore.Binary;
using PricingCore.Bench.Workload;
using PricingCore.Quotes;

namespace PricingCore.Load.Binary;

/// <summary>The child process: a Kestrel with the engine's handler or the bare one; prints its port, and ends with its standard input.</summary>
internal static class BinaryServer
{
    public const int Regions = 1_000;

    public static string NameOf(int region) => "zone-" + region.ToString("D5", CultureInfo.InvariantCulture);

    public static int Run(string[] args)
    {
        // Decisions that outlive the run: what is measured is the way to the book, and how often it is renewed is another suite's question.
        var options = new PricingOptions { Rules = MarketStream.Rules, DecisionValidity = TimeSpan.FromHours(1) };
        PricingEngine engine = PricingEngine.Start(options);
        for (int region = 0; region < Regions; region++)
        {
            engine.QuoteAsync(new QuoteRequest(NameOf(region))).AsTask().GetAwaiter().GetResult();
        }

        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(engine);
        builder.Services.AddLogging();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (args is ["bare"])
            {
                var bare = new BareHandler();
                listen.Run(bare.OnConnectedAsync);
            }
            else
            {
                listen.UsePricingProtocol();
            }
        }));
        using WebApplication app = builder.Build();
        app.Start();
        Console.WriteLine(new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port.ToString(CultureInfo.InvariantCulture));
        Console.In.ReadToEnd();
        app.StopAsync(new CancellationToken(canceled: true)).GetAwaiter().GetResult();
        engine.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return 0;
    }
}
