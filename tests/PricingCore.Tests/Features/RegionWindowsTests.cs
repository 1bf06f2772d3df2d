using PricingCore.Events;
using PricingCore.Features;

namespace PricingCore.Tests.Features;

/// <summary>
/// Goal: a region takes no more than it needs: counts of 32 bits, values of 64 only where a schema has any, and no cache line shared with another region.
/// Method: the plans of schemas; what the windows hold is recounted in <see cref="WindowedRecountProperties"/>.
/// </summary>
public sealed class RegionWindowsTests
{
    [Fact]
    public void Mobility_TakesAKibibyteOfCounts_AndNoValues()
    {
        Assert.Equal(1_024, RegionWindows<int>.StrideOf(WindowColumns.CountsOf(FeatureSchema.Mobility)) * sizeof(int));
        Assert.Equal(0, RegionWindows<long>.StrideOf(WindowColumns.ValuesOf(FeatureSchema.Mobility)));
    }

    [Theory]
    [InlineData(EventAggregate.Count, 0)]
    [InlineData(EventAggregate.Rate, 0)]
    [InlineData(EventAggregate.Sum, 1)]
    [InlineData(EventAggregate.Mean, 1)]
    [InlineData(EventAggregate.Min, 1)]
    [InlineData(EventAggregate.Max, 1)]
    [InlineData(EventAggregate.Last, 1)]
    public void DeclaredAggregate_KeepsValues_OnlyWhenItIsNoCount(EventAggregate aggregate, int columns)
    {
        var schema = new FeatureSchema("declared", [FeatureSchema.Windowed("own", new WindowedFeature(MarketEventKind.Booking, aggregate, WindowKind.Sliding, 10))]);
        WindowColumns values = WindowColumns.ValuesOf(schema);

        Assert.Equal(columns, values.Count);
        Assert.Equal(columns * 16, values.CellsPerRegion - values.WindowCells); // Ten minutes, one to come: 16 panes.
        Assert.Equal(0, RegionWindows<long>.StrideOf(values) * sizeof(long) % 64);
    }
}
