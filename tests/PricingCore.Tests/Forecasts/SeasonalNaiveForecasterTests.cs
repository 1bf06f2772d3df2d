using FsCheck;
using FsCheck.Fluent;
using PricingCore.Features;
using PricingCore.Forecasts;

namespace PricingCore.Tests.Forecasts;

/// <summary>
/// Goal: the baseline computes what its documentation says, and is valid whatever the signals.
/// Method: numbers worked by hand from the formulas, and random signals.
/// </summary>
public sealed class SeasonalNaiveForecasterTests
{
    private static readonly RegionSignals Usual = new()
    {
        Bookings15Min = 10, BookingsThisHour = 20, BookingsLastHour = 36, HourPassed = 0.5f, UsualLastHour = 30, UsualThisHour = 40, UsualNextHour = 60,
        MeanPerHour = 35, Residual = 1, HoursLearned = 168,
    };

    [Fact]
    public void Predict_OfAWorkedHour_GivesTheWorkedNumbers()
    {
        // usual = 40/4 = 10; recent = 36 + 20, expected = 30 + 20; correction = 60/54; interval = 1.61 sqrt(demand + 1).
        Forecast f = SeasonalNaiveForecaster.Predict(Usual, 15);
        float demand = 10 * 60f / 54;
        float half = 1.61f * MathF.Sqrt(demand + 1);
        Assert.Equal(demand, f.ExpectedDemand, 4);
        Assert.Equal(demand - half, f.Low, 4);
        Assert.Equal(demand + half, f.High, 4);
        Assert.Equal(demand / (demand + (35f / 4) + 0.5f), f.DemandScore, 5);
        Assert.Equal((demand + 1) / (demand + 1 + half), f.Confidence, 5);
        Assert.Equal(15, f.HorizonMinutes);
    }

    [Fact]
    public void Predict_AcrossTheHour_TakesBothHours()
    {
        Forecast f = SeasonalNaiveForecaster.Predict(Usual, 60);
        Assert.Equal(((40 * 0.5f) + (60 * 0.5f)) * 60 / 54, f.ExpectedDemand, 3);
    }

    [Fact]
    public void Predict_BeforeAnythingIsUsual_GoesByTheLastQuarter()
    {
        Forecast f = SeasonalNaiveForecaster.Predict(new RegionSignals { Bookings15Min = 10, UsualThisHour = float.NaN, UsualNextHour = float.NaN, UsualLastHour = float.NaN, MeanPerHour = float.NaN, BookingsLastHour = float.NaN }, 30);
        Assert.Equal(20, f.ExpectedDemand, 4);
    }

    [Fact]
    public void Predict_OfAnyCounts_IsValid() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(5_000), Prop.ForAll(Seeds.Any, seed =>
        {
            var random = new Random(seed);
            float Count(bool canMiss) => canMiss && random.Next(4) == 0 ? float.NaN : random.Next(5) switch { 0 => 0, 1 => random.Next(5), 2 => 1e9f, _ => random.Next(1_000) };
            var signals = new RegionSignals
            {
                Bookings15Min = Count(false), BookingsThisHour = Count(false), BookingsLastHour = Count(true), HourPassed = (float)random.NextDouble(),
                UsualLastHour = Count(true), UsualThisHour = Count(true), UsualNextHour = Count(true), MeanPerHour = Count(true),
                Residual = Count(false), HoursLearned = random.Next(169),
            };
            Forecast f = SeasonalNaiveForecaster.Predict(signals, random.Next(1, 61));
            Assert.True(f.IsValid, $"{signals} gives {f}");
        }));

    [Fact]
    public void Predict_OfABatch_IsThatOfEachRow()
    {
        RegionSignals[] signals = [Usual, Usual with { BookingsThisHour = 3 }];
        var forecasts = new Forecast[2];
        SeasonalNaiveForecaster.Instance.Predict(new ForecastBatch(15, default, 0, signals), forecasts);
        Assert.Equal([SeasonalNaiveForecaster.Predict(signals[0], 15), SeasonalNaiveForecaster.Predict(signals[1], 15)], forecasts);
    }
}
