using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace PricingCore.Package.Tests;

/// <summary>
/// Goal: somebody who has only the packages gets a price and a model's forecast from them, also when the application is trimmed or native.
/// Method: a fresh console project outside the repository references the packed versions, is built with warnings as errors, and run.
/// </summary>
public sealed partial class PackageUseTests(PackedFeed feed)
{
    private const string Price = @"^price \d+\.\d\d USD, forecast 36 of linear/1\.0\.0 by OnnxRuntime$";
    private static readonly TimeSpan BuildLimit = TimeSpan.FromSeconds(150);
    private static readonly TimeSpan RunLimit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task FreshProject_GetsAPrice()
    {
        string project = NewProject("fresh", onlyThisFeed: true);

        (await DotnetAsync(project, "build", "-c", "Release", "-v", "q")).MustSucceed();
        Finished run = await ChildProcess.RunAsync("dotnet", [Path.Combine(project, "bin", "Release", "net10.0", "Consumer.dll")], project, RunLimit);

        Assert.Matches(Price, run.MustSucceed().Output.Trim());
    }

    [Fact]
    public async Task TrimmedApplication_PublishesWithoutWarningsAndGetsAPrice() =>
        Assert.Matches(Price, await PublishAndRunAsync("trimmed", "-p:PublishTrimmed=true", "-p:SelfContained=true"));

    [Fact]
    public async Task NativeApplication_PublishesWithoutWarningsAndGetsAPrice() =>
        Assert.Matches(Price, await PublishAndRunAsync("native", "-p:PublishAot=true"));

    private async Task<string> PublishAndRunAsync(string name, params string[] properties)
    {
        string project = NewProject(name);
        string published = Path.Combine(project, "published");
        string[] options = ["-v", "q", "-r", RuntimeInformation.RuntimeIdentifier, "-p:Configuration=Release", "-p:TrimmerSingleWarn=false", .. properties];

        await RestoreOrSkipAsync(project, options);
        (await DotnetAsync(project, ["publish", "--no-restore", "-o", published, .. options])).MustSucceed();
        return (await ChildProcess.RunAsync(Path.Combine(published, "Consumer"), [], project, RunLimit)).MustSucceed().Output.Trim();
    }

    /// <summary>The SDK's packs for this come from the machine's feeds. That these lack one (NU11xx) or do not answer (NU1301) says nothing about our packages, which the fresh project restores.</summary>
    private async Task RestoreOrSkipAsync(string project, string[] options)
    {
        const string Why = "The SDK's packs for this do not restore from the feeds here; Core_WasBuiltWithTheAotAnalyzers stands in.\n";
        try
        {
            Finished restore = await DotnetAsync(project, ["restore", .. options]);
            Assert.SkipWhen(restore.ExitCode != 0 && IsForWantOfAFeed().IsMatch(restore.Output), Why + restore.Output);
            restore.MustSucceed();
        }
        catch (TimeoutException silence)
        {
            Assert.Skip(Why + silence.Message);
        }
    }

    [GeneratedRegex("error NU(11[0-9]{2}|1301)")]
    private static partial Regex IsForWantOfAFeed();

    private Task<Finished> DotnetAsync(string project, params string[] arguments) =>
        ChildProcess.RunAsync("dotnet", arguments, project, BuildLimit, feed.OwnPackages());

    private string NewProject(string name, bool onlyThisFeed = false)
    {
        string folder = feed.NewFolder(name, onlyThisFeed);
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
