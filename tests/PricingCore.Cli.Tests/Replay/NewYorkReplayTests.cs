using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace PricingCore.Cli.Tests.Replay;

/// <summary>
/// Goal: the mappings in samples/nyc read New York's files as docs/nyc.md says: every row is an event, skipped by rule, or rejected.
/// Method: a generated stand-in with the columns of the real files runs everywhere; the real files where they lie beside the repository.
/// </summary>
public sealed class NewYorkReplayTests : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose()
    {
        _folder.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task Pickups_OfTheStandIn_AreBookedPricedAndRainedOn()
    {
        string pickups = WriteGzip("pickups.csv.gz", GeneratePickups(hours: 48, outsideEach: 10, out int inside));
        string weather = WriteGzip("weather.csv.gz", GenerateWeather(hours: 48, rainFrom: 30));

        JsonElement summary = await ReplayAsync(
            "--events", pickups, weather, "--map", Repository.Sample("uber-pickups.map.json"), Repository.Sample("weather.map.json"),
            "--regions", WriteGzip("zones.csv.gz", GenerateZones()), "--regions-map", Repository.Sample("taxi-zones.map.json"),
            "--rules", Repository.Sample("rules-without-supply.json"), "--every", "1h", "--features");

        Assert.Equal(inside + 48, summary.GetProperty("accepted").GetInt32());
        Assert.Empty(summary.GetProperty("rejected").EnumerateObject());
        JsonElement[] answers = [.. (await File.ReadAllLinesAsync(_folder["answers.jsonl"])).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Contains(answers, answer => answer.GetProperty("features").GetProperty("weather_rain").ToString() == "12.7");
        Assert.Contains(answers, answer => answer.GetProperty("factors").GetProperty("weather").GetDecimal() > 0);
        Assert.Contains(answers, answer => answer.GetProperty("features").GetProperty("neighbour_bookings_15min").GetDecimal() > 0);
    }

    [Fact]
    public async Task Trips_OfTheStandIn_GiveBookingsAndSupply()
    {
        string trips = WriteGzip("trips.csv.gz", GenerateTrips(count: 400));

        JsonElement summary = await ReplayAsync(
            "--events", trips, "--map", Repository.Sample("green-taxi.map.json"), "--regions", WriteGzip("zones.csv.gz", GenerateZones()),
            "--regions-map", Repository.Sample("taxi-zones.map.json"), "--rules", Repository.Sample("rules.json"), "--every", "15m");

        Assert.True(summary.GetProperty("accepted").GetInt32() >= 400 * 5); // Booking, start, end, busy, available.
        string answers = await File.ReadAllTextAsync(_folder["answers.jsonl"]);
        Assert.Contains("\"available_supply\":1", answers, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pickups_OfThreeRealDays_AreAllAccountedFor()
    {
        string? pickups = Repository.Data("01_uber_nyc_2014_b02512_pickups.csv.gz");
        string? weather = Repository.Data("21_jfk_weather_hourly_local.csv.gz");
        string? zones = Repository.Data("20_nyc_taxi_zones.csv.gz");
        Assert.SkipWhen(pickups is null || weather is null || zones is null, "../shared/data is not there");

        JsonElement summary = await ReplayAsync(
            "--events", pickups!, weather!, "--map", Repository.Sample("uber-pickups.map.json"), Repository.Sample("weather.map.json"),
            "--regions", zones!, "--regions-map", Repository.Sample("taxi-zones.map.json"), "--rules", Repository.Sample("rules-without-supply.json"),
            "--from", "2014-04-01T00:00:00-05:00", "--to", "2014-04-04T00:00:00-05:00");

        Assert.True(summary.GetProperty("accepted").GetInt32() > 3_000);
        Assert.Empty(summary.GetProperty("rejected").EnumerateObject());
        Assert.Equal(260, summary.GetProperty("regions").GetInt32());
    }

    private static string GenerateZones() =>
        "zone_id,borough,zone,service_zone,centroid_lat,centroid_lon\n"
        + string.Concat(Enumerable.Range(1, 9).Select(zone => string.Create(
            CultureInfo.InvariantCulture, $"{zone},Manhattan,Zone {zone},Yellow Zone,{40.70 + (0.01 * zone):F5},{-73.99 + (0.005 * (zone % 3)):F5}\n")));

    private static string GeneratePickups(int hours, int outsideEach, out int inside)
    {
        var text = new StringBuilder("pickup_ts,lat,lon,base,zone_id,borough\n");
        inside = 0;
        for (int i = 0; i < hours * 12; i++)
        {
            DateTime at = new DateTime(2014, 4, 1).AddMinutes(5 * i);
            bool isOutside = i % outsideEach == 0;
            inside += isOutside ? 0 : 1;
            text.Append(CultureInfo.InvariantCulture, $"{at:yyyy-MM-ddTHH:mm},40.7,-73.9,B02512,{(isOutside ? 0 : 1 + (i % 9))},{(isOutside ? "" : "Manhattan")}\n");
        }

        return text.ToString();
    }

    private static string GenerateWeather(int hours, int rainFrom)
    {
        var text = new StringBuilder("ts_hour,temp_f,dewpoint_f,rel_hum_pct,wind_mph,visibility_mi,precip_in,wx_filled\n");
        for (int hour = 0; hour < hours; hour++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{new DateTime(2014, 4, 1, 1, 0, 0).AddHours(hour):yyyy-MM-dd HH:mm},50,40,70,9,10,{(hour >= rainFrom ? 0.5 : 0)},0\n");
        }

        return text.ToString();
    }

    private static string GenerateTrips(int count)
    {
        var text = new StringBuilder("pickup_ts,dropoff_ts,pu_zone,do_zone,trip_miles\n");
        for (int i = 0; i < count; i++)
        {
            DateTime at = new DateTime(2022, 1, 3, 6, 0, 0).AddMinutes(2 * i);
            text.Append(CultureInfo.InvariantCulture, $"{at:yyyy-MM-ddTHH:mm:ss},{at.AddMinutes(7 + (i % 20)):yyyy-MM-ddTHH:mm:ss},{1 + (i % 9)},{1 + (i * 5 % 9)},1.5\n");
        }

        return text.ToString();
    }

    private string WriteGzip(string name, string text)
    {
        using var file = new GZipStream(File.Create(_folder[name]), CompressionLevel.Fastest);
        file.Write(Encoding.UTF8.GetBytes(text));
        return _folder[name];
    }

    private async Task<JsonElement> ReplayAsync(params string[] args)
    {
        int exit = await PricingCommandLine.RunAsync(["replay", .. args, "--out", _folder["answers.jsonl"], "--json"], _output, _error);
        Assert.Equal((ExitCode.Ok, ""), (exit, _error.ToString()));
        return JsonDocument.Parse(_output.ToString()).RootElement;
    }
}
