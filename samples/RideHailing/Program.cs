using PricingCore.AspNetCore;
using PricingCore.Rules;
using RideHailing;

// A ride-hailing site that has its pricing inside: events and quotes over HTTP, live prices on a map of zones.
//
//   browser -> POST /api/v1/events, POST /api/v1/pricing/compute    GET /api/v1/prices/stream -> browser
//   CityTraffic (riders and drivers of an invented city) -> the same engine, in process
WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.Services.AddPricingCore(options =>
{
    options.Rules = RuleSet.Load(Path.Combine(AppContext.BaseDirectory, "rules.json"));
    options.Regions = CityMap.Regions;
    options.DecisionValidity = TimeSpan.FromSeconds(2); // A demo is watched for a minute, not for a day.
    options.DirtyAfterEvents = 8;
});
builder.Services.AddHostedService<CityTraffic>();

WebApplication app = builder.Build();
app.UseDefaultFiles();
app.UseStaticFiles();
app.MapGet("/map", () => CityMap.Json());
app.MapPricing();
app.Run();
