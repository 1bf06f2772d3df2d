using System.Text;
using PricingCore.Cli.Replay.Csv;

namespace PricingCore.Cli.Tests.Csv;

/// <summary>
/// Goal: a wrong mapping is refused with all of its errors, each with its path.
/// Method: a table of single errors, one mapping with many, and the mappings of the samples, which are right.
/// </summary>
public sealed class MappingFileTests
{
    private const string Columns = "\"columns\":{\"occurred_at\":\"t\",\"region_id\":\"r\"},\"constants\":{\"type\":\"booking\"}";

    [Theory]
    [InlineData("[]", "$: must be an object")]
    [InlineData("{}", "region_id must come from columns or constants")]
    [InlineData("{" + Columns + ",\"colums\":{}}", "'colums' is not known here")]
    [InlineData("{" + Columns + ",\"time_zone\":\"New York\"}", "IANA")]
    [InlineData("{" + Columns + ",\"utc_offset\":\"5\"}", "-05:00")]
    [InlineData("{" + Columns + ",\"utc_offset\":\"-05:00\",\"time_zone\":\"UTC\"}", "not both")]
    [InlineData("{" + Columns + ",\"delimiter\":\"||\"}", "one ASCII character")]
    [InlineData("{" + Columns + ",\"delimiter\":\"é\"}", "one ASCII character")]
    [InlineData("{" + Columns + ",\"time_format\":\"excel\"}", "unix_seconds")]
    [InlineData("{" + Columns + ",\"repeated_times\":\"both\"}", "first, last or reject")]
    [InlineData("{" + Columns + ",\"skip_when\":{\"column\":\"z\"}}", "'equals' is missing")]
    [InlineData("{" + Columns + ",\"events\":[]}", "inside each of the events")]
    [InlineData("{" + Columns + ",\"supply_from_trips\":{\"started_at\":\"a\"}}", "'end_region' is missing")]
    [InlineData("{" + Columns + ",\"supply_from_trips\":{\"idle_limit_minutes\":0}}", "from 1 to 1440")]
    [InlineData("{\"columns\":{\"occurred_at\":\"t\",\"region_id\":\"r\",\"temp\":\"f\"},\"constants\":{\"type\":\"weather\"}}", "'temp' is not a field")]
    [InlineData("{\"columns\":{\"occurred_at\":\"t\",\"region_id\":\"r\"},\"constants\":{\"type\":\"bookings\"}}", "not a kind of event")]
    [InlineData("{\"columns\":{\"occurred_at\":\"t\",\"region_id\":7},\"constants\":{\"type\":\"booking\"}}", "name of a column")]
    [InlineData("{\"columns\":{\"occurred_at\":\"t\",\"region_id\":\"r\",\"type\":\"k\"},\"constants\":{\"type\":\"booking\"}}", "in columns and in constants")]
    [InlineData("{\"columns\":{\"occurred_at\":\"t\",\"region_id\":{\"column\":\"r\",\"scale\":2}},\"constants\":{\"type\":\"booking\"}}", "no scale")]
    [InlineData("{\"columns\":{\"occurred_at\":\"t\",\"region_id\":\"r\"},\"constants\":{\"type\":\"booking\",\"value\":\"x\"}}", "must be a number")]
    public void Parse_WhenSomethingIsWrong_SaysWhat(string mapping, string expected)
    {
        CommandFailedException wrong = Assert.Throws<CommandFailedException>(() => MappingFile.Parse(Encoding.UTF8.GetBytes(mapping), "m.json"));

        Assert.Equal(ExitCode.WrongUsage, wrong.ExitCode);
        Assert.Contains(wrong.Errors, error => error.Contains(expected, StringComparison.Ordinal) && error.StartsWith("m.json: $", StringComparison.Ordinal));
    }

    [Fact]
    public void Parse_WhenManyThingsAreWrong_ListsAll()
    {
        const string Mapping = """{"time_zone":"Nowhere","delimiter":"","columns":{"occured_at":"t"},"constants":{"type":"x"},"extra":1}""";

        CommandFailedException wrong = Assert.Throws<CommandFailedException>(() => MappingFile.Parse(Encoding.UTF8.GetBytes(Mapping), "m.json"));

        Assert.Equal(7, wrong.Errors.Count);
    }

    [Fact]
    public void Parse_WhenItIsNotJson_SaysWhere()
    {
        CommandFailedException wrong = Assert.Throws<CommandFailedException>(() => MappingFile.Parse("{\n  oops"u8.ToArray(), "m.json"));

        Assert.StartsWith("m.json is not JSON: line 2", wrong.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("uber-pickups.map.json")]
    [InlineData("weather.map.json")]
    [InlineData("green-taxi.map.json")]
    public void Load_WhenItIsASample_IsRight(string name) => Assert.NotNull(MappingFile.Load(Repository.Sample(name)));
}
