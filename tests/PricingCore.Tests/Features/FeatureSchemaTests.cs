using FsCheck;
using FsCheck.Fluent;
using PricingCore.Events;
using PricingCore.Features;

namespace PricingCore.Tests.Features;

/// <summary>
/// Goal: a schema in JSON is read whole or refused with every error; its hash changes with its meaning and with nothing else.
/// Method: good and bad texts by hand, and random damage to a good one, which must end in a <see cref="FormatException"/> or a schema.
/// </summary>
public sealed class FeatureSchemaTests
{
    private const string Good = """
        {"name":"shop","features":["hour_of_day",
          {"name":"sales_15m","event":"booking","aggregate":"sum","window":"15m","unit":"EUR","description":"Sales."},
          {"name":"views_last_hour","event":"view","aggregate":"count","window":"60m","window_kind":"tumbling","lag":"1h"},
          {"name":"trips","event":"trip_started","aggregate":"rate","window":"5m","window_kind":"sliding"}]}
        """;

    private const string Damage = "{}[]\",:\\u0m5hx\ud800 ";

    [Fact]
    public void Mobility_Has64FeaturesWithUnitAndDefinition()
    {
        Assert.Equal(64, FeatureSchema.Mobility.Count);
        Assert.Equal(Enum.GetValues<BuiltInFeature>(), FeatureSchema.Mobility.Features.Concat(FeatureCatalogue.Further).Select(f => f.BuiltIn));
        Assert.All(FeatureSchema.Mobility.Features, f => Assert.True(f.Unit.Length > 0 && f.Description.EndsWith('.')));
        Assert.All(FeatureSchema.Mobility.Features, f => Assert.Same(f, FeatureSchema.Mobility.Features[FeatureSchema.Mobility.IndexOf(f.Name)]));
        Assert.Equal(-1, FeatureSchema.Mobility.IndexOf("nothing"));
    }

    [Fact]
    public void Parse_OfAGoodSchema_GivesItsFeatures()
    {
        FeatureSchema schema = FeatureSchema.Parse(Good);
        Assert.Equal(["hour_of_day", "sales_15m", "views_last_hour", "trips"], schema.Features.Select(f => f.Name));
        Assert.Equal(new WindowedFeature(MarketEventKind.Booking, EventAggregate.Sum, WindowKind.Sliding, 15), schema.Features[1].Windowed);
        Assert.Equal(new WindowedFeature(MarketEventKind.View, EventAggregate.Count, WindowKind.Tumbling, 60, 1), schema.Features[2].Windowed);
        Assert.Equal("EUR", schema.Features[1].Unit);
    }

    [Theory]
    [InlineData("[]", "JSON object")]
    [InlineData("{", "line 1")]
    [InlineData("""{"name":"x"}""", "features")]
    [InlineData("""{"name":"x","features":[]}""", "from 1 to 256")]
    [InlineData("""{"name":"","features":["hour_of_day"]}""", "name")]
    [InlineData("""{"name":"x","features":["nope"]}""", "features[0]: 'nope'")]
    [InlineData("""{"name":"x","features":["hour_of_day","hour_of_day"]}""", "taken twice")]
    [InlineData("""{"name":"x","features":[5]}""", "features[0]")]
    [InlineData("""{"name":"x","features":[{"name":"a","event":"booking","aggregate":"sum","window":"15m","colour":"red"}]}""", "colour")]
    [InlineData("""{"name":"x","features":[{"name":"a b","event":"booking","aggregate":"sum","window":"15m"}]}""", "letters, digits")]
    [InlineData("""{"name":"x","features":[{"name":"a","event":"weather","aggregate":"sum","window":"15m"}]}""", "cannot be aggregated")]
    [InlineData("""{"name":"x","features":[{"name":"a","event":"3","aggregate":"sum","window":"15m"}]}""", "event")]
    [InlineData("""{"name":"x","features":[{"name":"a","event":"booking","aggregate":"sum","window":"61m"}]}""", "1 to 60")]
    [InlineData("""{"name":"x","features":[{"name":"a","event":"booking","aggregate":"sum","window":"0m"}]}""", "1 to 60")]
    [InlineData("""{"name":"x","features":[{"name":"a","event":"booking","aggregate":"sum","window":"15"}]}""", "window")]
    [InlineData("""{"name":"x","features":[{"name":"a","event":"booking","aggregate":"min","window":"60m","lag":"2h"}]}""", "whole clock hours")]
    [InlineData("""{"name":"x","features":[{"name":"a","event":"booking","aggregate":"sum","window":"60m","lag":"193h"}]}""", "0 to 192")]
    [InlineData("""{"name":"x","features":[{"name":"\ud800","event":"booking","aggregate":"sum","window":"15m"}]}""", "")]
    [InlineData("""{"name":"x","features":[{"name":"a","ratio":["hour_of_day"]}]}""", "two features")]
    [InlineData("""{"name":"x","features":["hour_of_day",{"name":"a","ratio":["hour_of_day","later"]},"day_of_week"]}""", "'later' is no feature")]
    [InlineData("""{"name":"x","features":[{"name":"a","ratio":["a","a"]}]}""", "stands before")]
    [InlineData("""{"name":"x","features":["hour_of_day",{"name":"a","ratio":["hour_of_day","hour_of_day"],"prior":-1}]}""", "from 0 to")]
    [InlineData("""{"name":"x","features":["hour_of_day",{"name":"a","ratio":["hour_of_day","hour_of_day"],"prior":"1"}]}""", "prior: must be a number")]
    [InlineData("""{"name":"x","features":["hour_of_day",{"name":"a","ratio":["hour_of_day","hour_of_day"],"window":"5m"}]}""", "a ratio has no window")]
    public void Parse_OfABadSchema_SaysWhat(string json, string word)
    {
        FormatException thrown = Assert.Throws<FormatException>(() => FeatureSchema.Parse(json));
        Assert.Contains(word, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_ListsEveryError()
    {
        FormatException thrown = Assert.Throws<FormatException>(() => FeatureSchema.Parse("""{"features":["nope",{"name":"a","event":"what","aggregate":"sum"}]}"""));
        foreach (string word in new[] { "name", "features[0]", "features[1].event", "features[1].window" })
        {
            Assert.Contains(word, thrown.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Parse_OfADamagedSchema_NeverThrowsAnythingElse() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(5_000), Prop.ForAll(Seeds.Any, seed =>
        {
            var random = new Random(seed);
            char[] text = Good.ToCharArray();
            for (int i = random.Next(1, 4); i > 0; i--)
            {
                text[random.Next(text.Length)] = Damage[random.Next(Damage.Length)];
            }

            try
            {
                FeatureSchema.Parse(new string(text));
            }
            catch (FormatException)
            {
                // Refused with a reason.
            }
        }));

    [Fact]
    public void Hash_ChangesWithTheMeaningOnly()
    {
        Assert.Equal(FeatureSchema.Parse(Good).Hash, FeatureSchema.Parse(Good.Replace("\n", " ", StringComparison.Ordinal)).Hash);
        string[] others =
        [
            Good.Replace("15m\"", "14m\"", StringComparison.Ordinal), Good.Replace("shop", "shop2", StringComparison.Ordinal), Good.Replace("\"sum\"", "\"mean\"", StringComparison.Ordinal),
            Good.Replace("EUR", "USD", StringComparison.Ordinal), Good.Replace("1h", "2h", StringComparison.Ordinal), Good.Replace("\"sliding\"", "\"tumbling\"", StringComparison.Ordinal),
        ];
        Assert.Equal(7, others.Append(Good).Select(text => FeatureSchema.Parse(text).Hash).Distinct().Count());
        Assert.Matches("^[0-9a-f]{64}$", FeatureSchema.Mobility.Hash);
    }

    [Fact]
    public void Constructor_OfAFeatureThatIsNeitherBuiltInNorWindowed_Throws() =>
        Assert.Throws<ArgumentException>(() => new FeatureSchema("x", [new FeatureDefinition { Name = "mine", Unit = "", Description = "" }]));

    [Fact]
    public void Constructor_OfANameThatIsTooLong_Throws() =>
        Assert.Throws<ArgumentException>(() => new FeatureSchema(new string('x', 65), [FeatureSchema.BuiltIn("hour_of_day")]));
}
