using PricingCore.Regions;

namespace PricingCore.Tests.Regions;

/// <summary>
/// Goal: regions keep their metadata, unknown ones are added or refused as told, and every process agrees on the shard.
/// Method: small directories by hand.
/// </summary>
public sealed class RegionDirectoryTests
{
    private static readonly Region[] Known =
    [
        new("a") { TimeZone = "Asia/Kolkata", Neighbours = ["b", "c"] },
        new("b") { Neighbours = ["a"] },
        new("c"),
    ];

    [Fact]
    public void FindOrAdd_WhenClosed_RefusesStrangers()
    {
        var closed = new RegionDirectory(Known, open: false, capacity: 10, "UTC");
        Assert.Equal(1, closed.FindOrAdd("b"));
        Assert.Equal(NameTable.Unknown, closed.FindOrAdd("z"));
        Assert.Equal(3, closed.Count);
    }

    [Fact]
    public void FindOrAdd_WhenOpen_AddsUpToTheCapacity()
    {
        var open = new RegionDirectory(Known, open: true, capacity: 4, "Europe/Paris");
        int added = open.FindOrAdd("z");
        Assert.Equal(3, added);
        Assert.Equal("Europe/Paris", open.TimeZoneOf(added));
        Assert.True(open.NeighboursOf(added).IsEmpty);
        Assert.Equal(NameTable.Unknown, open.FindOrAdd("y"));
    }

    [Fact]
    public void Metadata_IsThatOfTheRegion()
    {
        var directory = new RegionDirectory(Known, open: true, capacity: 4, "Europe/Paris");
        Assert.Equal("Asia/Kolkata", directory.TimeZoneOf(0));
        Assert.Equal("UTC", directory.TimeZoneOf(1));
        Assert.Equal([1, 2], directory.NeighboursOf(0).ToArray());
        Assert.True(directory.NeighboursOf(2).IsEmpty);
        Assert.True(directory.HasNeighbours);
        Assert.False(new RegionDirectory([new("x")], open: true, capacity: 4, "UTC").HasNeighbours);
    }

    [Fact]
    public void ShardOf_FollowsTheIdAndNotTheOrder()
    {
        var one = new RegionDirectory([], open: true, capacity: 1_000, "UTC");
        var other = new RegionDirectory([], open: true, capacity: 1_000, "UTC");
        int[] counts = new int[4];
        for (int i = 0; i < 1_000; i++)
        {
            one.FindOrAdd("r" + i);
            other.FindOrAdd("r" + (999 - i));
        }

        for (int i = 0; i < 1_000; i++)
        {
            int shard = one.ShardOf(one.Find("r" + i), 4);
            Assert.Equal(shard, other.ShardOf(other.Find("r" + i), 4));
            counts[shard]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 150, 350));
    }
}
