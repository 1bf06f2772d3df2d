using System.Runtime.InteropServices;

namespace PricingCore.Package.Tests;

/// <summary>
/// Goal: somebody who has only the packages gets a price and a model's forecast from them, also when the application is trimmed or native.
/// Method: a fresh console project outside the repository references the packed versions, is built with warnings as errors, and run.
/// </summary>
public sealed class PackageUseTests(PackedFeed feed)
{
    private const string Price = @"^price \d+\.\d\d USD, forecast 36 of linear/1\.0\.0 by OnnxRuntime$";
    private static readonly TimeSpan BuildLimit = TimeSpan.FromSeconds(150);
    private static readonly TimeSpan RunLimit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task FreshProject_GetsAPrice()
    {
        string project = NewProject("fresh");

        (await DotnetAsync(project, "build", "-c", "Release", "-v", "q")).MustSucceed();
        Finished run = await ChildProcess.RunAsync("dotnet", [Path.Combine(project, "bin", "Release", "net10.0", "Consumer.dll")], project, RunLimit);

        Assert.Matches(Price, run.MustSucceed().Output.Trim());
    }

    [Fact]
    public async Task TrimmedApplication_PublishesWithoutWarningsAndGetsAPrice()
    {
        string project = NewProject("trimmed");
        string published = Path.Combine(project, "published");

        Finished publish = await DotnetAsync(
            project, "publish", "-c", "Release", "-v", "q", "-r", RuntimeInformation.RuntimeIdentifier, "-o", published,
            "-p:PublishTrimmed=true", "-p:SelfContained=true", "-p:TrimmerSingleWarn=false");
        Assert.SkipWhen(publish.ExitCode != 0 && publish.Output.Contains("error NU11", StringComparison.Ordinal), "The runtime pack does not restore from the feeds here.");
        publish.MustSucceed();
        Finished run = await ChildProcess.RunAsync(Path.Combine(published, "Consumer"), [], project, RunLimit);

        Assert.Matches(Price, run.MustSucceed().Output.Trim());
    }

    [Fact]
    public async Task NativeApplication_PublishesWithoutWarningsAndGetsAPrice()
    {
        string project = NewProject("native");
        string published = Path.Combine(project, "published");

        Finished publish = await DotnetAsync(
            project, "publish", "-c", "Release", "-v", "q", "-r", RuntimeInformation.RuntimeIdentifier, "-o", published, "-p:PublishAot=true", "-p:TrimmerSingleWarn=false");
        Assert.SkipWhen(
            publish.ExitCode != 0 && publish.Output.Contains("error NU11", StringComparison.Ordinal),
            "The Native AOT packages do not restore from the feeds here; Core_WasBuiltWithTheAotAnalyzers stands in.");
        publish.MustSucceed();
        Finished run = await ChildProcess.RunAsync(Path.Combine(published, "Consumer"), [], project, RunLimit);

        Assert.Matches(Price, run.MustSucceed().Output.Trim());
    }

    private Task<Finished> DotnetAsync(string project, params string[] arguments) =>
        ChildProcess.RunAsync("dotnet", arguments, project, BuildLimit, feed.OwnPackages());

    private string NewProject(string name)
    {
        string folder = feed.NewFolder(name);
        File.WriteAllText(Path.Combine(folder, "Consumer.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <NuGetAudit>false</NuGetAudit>
                <InvariantGlobalization>true</InvariantGlobalization>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="PricingCore" Version="[{feed.Version}]" />
                <PackageReference Include="PricingCore.OnnxRuntime.Native" Version="[{feed.Version}]" />
              </ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(folder, "Program.cs"), """"
            using PricingCore;
            using PricingCore.Events;
            using PricingCore.Features;
            using PricingCore.Forecasts;
            using PricingCore.Forecasts.Models;
            using PricingCore.Quotes;
            using PricingCore.Rules;

            RuleSet rules = RuleSet.Parse("""
                {"rules": [{"region_id": "*", "product_type": "*", "base_price": 12.00, "currency": "USD"}]}
                """);
            await using var engine = PricingEngine.Start(new PricingOptions { Rules = rules });
            if (!engine.TryPublish(MarketEvent.Booking("midtown", DateTimeOffset.UtcNow)))
            {
                return 1;
            }

            Quote quote = await engine.QuoteAsync(new QuoteRequest("midtown"));

            FeatureSchema schema = FeatureSchema.Parse("""
                {"name": "pair", "features": [
                  {"name": "bookings", "event": "booking", "aggregate": "count", "window": "15m"},
                  {"name": "searches", "event": "search", "aggregate": "count", "window": "15m"}]}
                """);
            using OnnxForecaster model = OnnxForecaster.Load(ModelPackage.Load("linear"), schema);
            var forecasts = new Forecast[1];
            model.Predict(new ForecastBatch(15, [2, 1], 2, new RegionSignals[1]), forecasts);
            Console.WriteLine($"price {quote.Price}, forecast {forecasts[0].ExpectedDemand} of {model.ModelVersion} by {model.Runtime}");
            return 0;
            """");
        string model = Directory.CreateDirectory(Path.Combine(folder, "linear")).FullName;
        foreach (string file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Models", "linear")))
        {
            File.Copy(file, Path.Combine(model, Path.GetFileName(file)));
        }

        return folder;
    }
}
