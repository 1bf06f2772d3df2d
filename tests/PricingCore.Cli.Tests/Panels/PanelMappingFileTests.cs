using System.Text;
using PricingCore.Cli.Panels;

namespace PricingCore.Cli.Tests.Panels;

/// <summary>
/// Goal: a wrong mapping of a panel is refused with all of its errors, each with its path.
/// Method: a table of single errors, one mapping with many, and the mappings of the samples, which are right.
/// </summary>
public sealed class PanelMappingFileTests
{
    private const string Rest = "\"timestamp\":\"t\",\"bucket_minutes\":60,\"region\":\"r\",\"count\":\"n\"";

    [Theory]
    [InlineData("[]", "$: must be an object")]
    [InlineData("{}", "'timestamp' is missing")]
    [InlineData("{}", "'bucket_minutes' is missing")]
    [InlineData("{" + Rest + ",\"covariate\":{}}", "'covariate' is not known here")]
    [InlineData("{" + Rest + ",\"time_zone\":\"New York\"}", "IANA")]
    [InlineData("{" + Rest + ",\"utc_offset\":\"5\"}", "-05:00")]
    [InlineData("{" + Rest + ",\"delimiter\":\"||\"}", "one ASCII character")]
    [InlineData("{" + Rest + ",\"delimiter\":\"é\"}", "one ASCII character")]
    [InlineData("{" + Rest + ",\"repeated_times\":\"both\"}", "first or last or reject")]
    [InlineData("{" + Rest + ",\"same_bucket\":\"mean\"}", "reject or sum")]
    [InlineData("{" + Rest + ",\"missing_rows\":\"nan\"}", "gap or zero")]
    [InlineData("{" + Rest + ",\"shift_minutes\":0.5}", "$.shift_minutes: must be a whole number")]
    [InlineData("{" + Rest + ",\"covariates\":{\"humidity\":\"h\"}}", "'humidity' is not known here")]
    [InlineData("{" + Rest + ",\"covariates\":{\"holiday\":{\"values\":{\"Y\":1}}}}", "$.covariates.holiday: 'column' is missing")]
    [InlineData("{" + Rest + ",\"covariates\":{\"holiday\":{\"column\":\"h\",\"values\":{\"Y\":\"1\"}}}}", "$.covariates.holiday.values.Y: must be a number")]
    [InlineData("{" + Rest + ",\"covariates\":{\"holiday\":{\"column\":\"h\",\"lag_minutes\":-1}}}", "$.covariates.holiday.lag_minutes")]
    [InlineData("{\"timestamp\":{\"column\":\"t\",\"means\":\"middle\"},\"bucket_minutes\":60,\"region\":\"r\",\"count\":\"n\"}", "$.timestamp.means: must be start or centre or end")]
    [InlineData("{\"timestamp\":{\"column\":\"t\",\"format\":\"%\"},\"bucket_minutes\":60,\"region\":\"r\",\"count\":\"n\"}", "$.timestamp.format")]
    [InlineData("{\"timestamp\":\"t\",\"bucket_minutes\":0,\"region\":\"r\",\"count\":\"n\"}", "$.bucket_minutes: must be a number from 1 to 1440")]
    [InlineData("{\"timestamp\":\"t\",\"bucket_minutes\":60,\"region\":{},\"count\":\"n\"}", "$.region: give the name of a column")]
    [InlineData("{\"timestamp\":\"t\",\"bucket_minutes\":60,\"region\":\"r\",\"count\":{\"column\":\"n\",\"per_event\":0}}", "$.count.per_event")]
    public void Parse_WhenSomethingIsWrong_SaysWhat(string mapping, string expected)
    {
        CommandFailedException wrong = Assert.Throws<CommandFailedException>(() => PanelMappingFile.Parse(Encoding.UTF8.GetBytes(mapping), "m.json"));

        Assert.Equal(ExitCode.WrongUsage, wrong.ExitCode);
        Assert.Contains(wrong.Errors, error => error.Contains(expected, StringComparison.Ordinal) && error.StartsWith("m.json: $", StringComparison.Ordinal));
    }

    [Fact]
    public void Parse_WhenManyThingsAreWrong_ListsAll()
    {
        const string Mapping = """{"time_zone":"Nowhere","delimiter":"","timestamp":{"colum":"t"},"bucket_minutes":60,"count":"n","extra":1}""";

        CommandFailedException wrong = Assert.Throws<CommandFailedException>(() => PanelMappingFile.Parse(Encoding.UTF8.GetBytes(Mapping), "m.json"));

        Assert.Equal(6, wrong.Errors.Count);
    }

    [Theory]
    [InlineData("bikes", 60, "America/New_York", 5)]
    [InlineData("boroughs", 60, "America/New_York", 5)]
    [InlineData("zones", 60, "America/New_York", 4)]
    [InlineData("taxi", 30, "America/New_York", 4)]
    public void Load_OfTheSamples_ReadsThem(string name, int bucketMinutes, string zone, int covariates)
    {
        PanelMapping mapping = PanelMappingFile.Load(Path.Combine(Repository.Root, "samples", "forecasting", $"{name}.map.json"));

        Assert.Equal((bucketMinutes, zone, covariates), ((int)mapping.Bucket.TotalMinutes, mapping.TimeZone, mapping.Covariates.Count));
    }

    [Fact]
    public void Parse_TakesWeatherAsKnownWhenItsBucketIsOver_AndHolidaysAtOnce()
    {
        const string Mapping = "{\"covariates\":{\"temperature_c\":\"t\",\"rain_mm_per_h\":{\"column\":\"r\",\"lag_minutes\":0},\"holiday\":\"h\"}," + Rest + "}";

        PanelMapping mapping = PanelMappingFile.Parse(Encoding.UTF8.GetBytes(Mapping), "m.json");

        Assert.Equal([60, 0, 0], mapping.Covariates.Select(covariate => covariate.Lag.TotalMinutes));
    }
}
