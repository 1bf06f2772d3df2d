using PricingCore.Forecasts.Models;

namespace PricingCore.Tests.Forecasts.Models;

public sealed class ModelVersionTextTests
{
    [Theory]
    [InlineData("0.0.0")]
    [InlineData("1.20.300")]
    [InlineData("1.0.0-rc.1")]
    [InlineData("1.0.0-0a.b-c+build.007")]
    public void IsSemantic_WhenAfterTheStandard_IsTrue(string version) => Assert.True(ModelVersionText.IsSemantic(version));

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1.0")]
    [InlineData("1.0.0.0")]
    [InlineData("v1.0.0")]
    [InlineData("01.0.0")]
    [InlineData("1.0.-1")]
    [InlineData("1.0.0-")]
    [InlineData("1.0.0-01")]
    [InlineData("1.0.0+")]
    [InlineData("1.0.0-a..b")]
    [InlineData("1.0.0-a/b")]
    [InlineData("1.0.99999999999")]
    public void IsSemantic_WhenNot_IsFalse(string version) => Assert.False(ModelVersionText.IsSemantic(version));
}
