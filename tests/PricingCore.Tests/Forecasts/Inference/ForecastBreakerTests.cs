using PricingCore.Forecasts.Inference;

namespace PricingCore.Tests.Forecasts.Inference;

public sealed class ForecastBreakerTests
{
    private const long Pause = 5_000;

    [Fact]
    public void MayAsk_AfterEnoughMissesInARow_OnlyOnceAPause()
    {
        var breaker = new ForecastBreaker(3, Pause);
        breaker.Miss(10);
        breaker.Miss(11);
        Assert.True(breaker.MayAsk(12));
        breaker.Miss(13);

        Assert.False(breaker.MayAsk(14));
        Assert.False(breaker.MayAsk(13 + Pause - 1));
        Assert.True(breaker.MayAsk(13 + Pause));
        Assert.False(breaker.MayAsk(13 + Pause + 1));
        Assert.True(breaker.MayAsk(13 + (2 * Pause)));
    }

    [Fact]
    public void Succeed_ForgetsTheMisses()
    {
        var breaker = new ForecastBreaker(2, Pause);
        breaker.Miss(1);
        breaker.Succeed();
        breaker.Miss(2);
        Assert.True(breaker.MayAsk(3));
        breaker.Miss(4);
        Assert.False(breaker.MayAsk(5));
        breaker.Succeed();
        Assert.True(breaker.MayAsk(6));
    }
}
