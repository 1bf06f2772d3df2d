using FsCheck;
using FsCheck.Fluent;
using PricingCore.Events;
using PricingCore.Money;
using PricingCore.Protocol;
using PricingCore.Quotes;
using PricingCore.Surge;

namespace PricingCore.Client.Tests.Protocol;

/// <summary>
/// Goal: what is written is what is read, for every value.
/// Method: values from seeds, written, read and compared.
/// </summary>
public sealed class RoundTripProperties
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(2_000);

    [Fact]
    public void Event_ComesBack() => Hold(draw =>
    {
        var e = new MarketEvent((MarketEventKind)draw.Next(256), null!, DateTimeOffset.UnixEpoch.AddMicroseconds(draw.NextInt64(1, 2_000_000_000_000_000)))
        {
            UserId = Text(draw),
            UnitId = Text(draw),
            IdempotencyKey = Text(draw),
            ProductType = draw.Next(2) == 0 ? null : "any",
            Values = new EventValues(Number(draw), Number(draw), Number(draw), Number(draw)),
        };
        int region = draw.Next();
        int product = draw.Next();
        byte[] bytes = new byte[EventEntry.MostSize];
        int length = EventEntry.Write(bytes, e, region, product);

        var reader = new BodyReader(bytes.AsSpan(0, length));
        Assert.True(EventEntry.TryRead(ref reader, out MarketEvent read, out int readRegion, out int readProduct));
        Assert.Equal(0, reader.Remaining);
        Assert.Equal(e with { ProductType = null }, read);
        Assert.Equal((region, e.ProductType is null ? ProtocolConstants.NotGiven : product), (readRegion, readProduct));
        for (int cut = 0; cut < length; cut++)
        {
            var shorter = new BodyReader(bytes.AsSpan(0, cut));
            Assert.False(EventEntry.TryRead(ref shorter, out _, out _, out _));
        }
    });

    [Fact]
    public void Quoted_ComesBack() => Hold(draw =>
    {
        var quoted = new QuotedBody
        {
            Price = Price(draw),
            DemandScore = draw.NextSingle(),
            Confidence = draw.NextSingle(),
            Factors = new SurgeFactors(Step(), Step(), Step(), Step(), Step()),
            Limits = new SurgeLimitChanges(Step(), Step(), Step(), Step(), Step(), Step(), Step()),
            ForecastSource = (Forecasts.ForecastSource)draw.Next(4),
            ModelVersion = "v" + draw.Next(),
            RulesVersion = "r" + draw.Next(),
        };
        byte[] bytes = new byte[quoted.MaxBytes];
        int length = quoted.Write(bytes);
        Assert.True(QuotedBody.TryRead(bytes.AsSpan(0, length), out QuotedBody read));
        Assert.Equal(quoted, read);

        int Step() => draw.Next(-10_000, 10_000);
    });

    [Fact]
    public void Quote_ComesBack() => Hold(draw =>
    {
        var body = new QuoteBody(new LaneEntry(draw.Next(), draw.Next(), draw.NextInt64(-1, long.MaxValue)), Text(draw), Text(draw), Text(draw));
        byte[] bytes = new byte[body.MaxBytes];
        int length = body.Write(bytes);
        Assert.True(QuoteBody.TryRead(bytes.AsSpan(0, length), out QuoteBody read));
        Assert.Equal(body, read);
        Assert.False(QuoteBody.TryRead(bytes.AsSpan(0, length + 1 > bytes.Length ? length - 1 : length + 1), out _));
    });

    [Fact]
    public void SmallEntries_ComeBack() => Hold(draw =>
    {
        byte[] bytes = new byte[64];
        var change = new ChangeEntry(draw.Next(), Price(draw));
        change.Write(bytes);
        Assert.Equal(change, ChangeEntry.Read(bytes));
        var rejection = new RejectionEntry(draw.Next(65_536), (Rejection)draw.Next(20));
        rejection.Write(bytes);
        Assert.Equal(rejection, RejectionEntry.Read(bytes));
        var header = new FrameHeader((FrameKind)draw.Next(1, 256), draw.Next(65_536), (uint)draw.Next(), draw.Next(1_000_000));
        header.Write(bytes);
        Assert.Equal(FrameStatus.Complete, FrameHeader.TryRead(bytes, int.MaxValue, out FrameHeader read));
        Assert.Equal(header, read);
    });

    [Fact]
    public void Currencies_ComeBack()
    {
        foreach (string code in new[] { "USD", "JPY", "KWD", "ZAR", "AED", "EUR" })
        {
            Currency currency = Currency.FromCode(code);
            Assert.True(PriceEntry.TryUnpackCurrency(PriceEntry.PackCurrency(currency), out Currency read));
            Assert.Equal(currency, read);
        }

        Assert.Equal(0, PriceEntry.PackCurrency(default));
        Assert.False(PriceEntry.TryUnpackCurrency(0, out _));
    }

    private static void Hold(Action<Random> property) =>
        Check.One(Thorough, Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed => property(new Random(seed))));

    private static PriceEntry Price(Random draw) => new()
    {
        MinorUnits = draw.NextInt64(),
        BaseMinorUnits = draw.NextInt64(),
        ValidUntilMicros = draw.NextInt64(),
        DecisionId = new DecisionId((ulong)draw.NextInt64(), (ulong)draw.NextInt64()),
        MultiplierSteps = draw.Next(),
        IsCached = draw.Next(2) == 0,
        PackedCurrency = (ushort)draw.Next(65_536),
        Refusal = QuoteRefusal.None,
    };

    private static float Number(Random draw) => draw.Next(3) == 0 ? float.NaN : (draw.NextSingle() * 200) - 100;

    private static string? Text(Random draw) =>
        draw.Next(3) == 0 ? null : string.Concat(Enumerable.Range(0, draw.Next(1, 30)).Select(_ => "aZ0-é漢😀"[draw.Next(5)]));
}
