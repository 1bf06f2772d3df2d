using PricingCore.Regions;

namespace PricingCore.Tests.Regions;

/// <summary>
/// Goal: numbers are dense, unique and never change, also when many threads add the same names.
/// Method: small tables by hand, and eight threads that add overlapping names at once.
/// </summary>
public sealed class NameTableTests
{
    [Fact]
    public void FindOrAdd_WhenFull_SaysUnknownButStillFindsTheOld()
    {
        var table = new NameTable(2);
        Assert.Equal(0, table.FindOrAdd("a"));
        Assert.Equal(1, table.FindOrAdd("b"));
        Assert.Equal(NameTable.Unknown, table.FindOrAdd("c"));
        Assert.Equal(1, table.FindOrAdd("b"));
        Assert.Equal(NameTable.Unknown, table.Find("c"));
        Assert.Equal(2, table.Count);
    }

    [Fact]
    public void Find_TellsCaseApart()
    {
        var table = new NameTable(4);
        Assert.NotEqual(table.FindOrAdd("Midtown"), table.FindOrAdd("midtown"));
    }

    [Fact]
    public void FindOrAdd_FromManyThreads_GivesEachNameOneDenseNumber()
    {
        const int Names = 500;
        for (int round = 0; round < 20; round++)
        {
            var table = new NameTable(Names);
            int[][] seen = new int[8][];
            Parallel.For(0, seen.Length, thread =>
            {
                seen[thread] = new int[Names];
                for (int i = 0; i < Names; i++)
                {
                    int name = (i + (thread * 61)) % Names;
                    int number = table.FindOrAdd("n" + name);
                    Assert.Equal("n" + name, table[number]);
                    seen[thread][name] = number;
                }
            });

            Assert.Equal(Enumerable.Range(0, Names), seen[0].Order());
            Assert.All(seen, numbers => Assert.Equal(seen[0], numbers));
        }
    }
}
