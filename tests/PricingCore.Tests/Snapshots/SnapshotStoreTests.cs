using PricingCore.Snapshots;
using PricingCore.Storage;

namespace PricingCore.Tests.Snapshots;

/// <summary>
/// Goal: the newest snapshot that is whole is the one that is started from, whatever happened while one was written or after.
/// Method: files in memory that note every operation and fail at each of them in turn; and once the real disk.
/// </summary>
public sealed class SnapshotStoreTests
{
    [Fact]
    public void Write_SyncsBeforeItRenames_AndTheDirectoryAfter()
    {
        var files = new FilesInMemory();
        Write(files, 1);

        string path = new SnapshotStore(files, "d").PathOf(1);
        Assert.Equal(["mkdir d", $"create {path}.tmp", $"sync {path}.tmp", $"rename {path}.tmp {path}", "syncdir d"], files.Log.Where(what => !what.StartsWith("write", StringComparison.Ordinal)));
        Assert.Equal("d/snapshot-00000000000000000001.snap", path);
    }

    [Fact]
    public void Write_BeyondTheNumberKept_RemovesTheOldest()
    {
        var files = new FilesInMemory();
        for (int number = 1; number <= 5; number++)
        {
            Write(files, number);
        }

        var store = new SnapshotStore(files, "d");
        Assert.Equal([3L, 4, 5], store.ReadHeads().Select(head => head.Number));
        Assert.Equal(6, store.NextNumber);
    }

    [Fact]
    public void Write_ThatFailsAnywhere_LeavesTheOneBefore()
    {
        for (int operations = 0; ; operations++)
        {
            var files = new FilesInMemory();
            Write(files, 1);
            files.FailsAfter = operations;
            bool isWritten = TryWrite(files, 2);
            files.FailsAfter = -1;

            using (SnapshotReader reader = new SnapshotStore(files, "d").OpenNewest((path, why) => Assert.Fail(path + why))!)
            {
                Assert.True(reader.Head.Number == 1 || isWritten || operations > 4, $"Number {reader.Head.Number} after {operations} operations.");
            }

            Write(files, 3); // What was left behind is in nobody's way.
            Assert.DoesNotContain(files.Paths, path => path.EndsWith(".tmp", StringComparison.Ordinal));
            if (isWritten)
            {
                return;
            }
        }
    }

    [Fact]
    public void OpenNewest_WhenNewerOnesAreDamaged_TakesTheNewestWholeOneAndSaysWhy()
    {
        var files = new FilesInMemory();
        Write(files, 1);
        Write(files, 2);
        Write(files, 3);
        var store = new SnapshotStore(files, "d");
        files[store.PathOf(3)][^1] ^= 1;
        files[store.PathOf(2)] = files[store.PathOf(1)]; // Whole, but not what its name says.
        var skipped = new List<string>();

        using SnapshotReader reader = store.OpenNewest((path, why) => skipped.Add(path + ": " + why))!;

        Assert.Equal(1, reader.Head.Number);
        Assert.Equal(2, skipped.Count);
        Assert.Contains("CRC", skipped[0], StringComparison.Ordinal);
        Assert.Contains("holds snapshot number 1", skipped[1], StringComparison.Ordinal);
        Assert.Equal(4, store.NextNumber); // Never the number of a file that is there.
    }

    [Fact]
    public void OpenNewest_InADirectoryOfOtherFiles_FindsNone()
    {
        var files = new FilesInMemory
        {
            ["d/snapshot-1.snap"] = [1],
            ["d/snapshot-.snap"] = [1],
            ["d/snapshot-00000000000000000001.snap.tmp"] = [1],
            ["d/snapshot-99999999999999999999.snap"] = [1],
            ["d/notes.txt"] = [1],
        };
        var store = new SnapshotStore(files, "d");

        Assert.Null(store.OpenNewest((path, why) => Assert.Fail(path + why)));
        Assert.Empty(store.ReadHeads());
        Assert.Equal(1, store.NextNumber);
    }

    [Fact]
    public void Write_OnTheRealDisk_ComesBack()
    {
        using var folder = new ScratchFolder();
        var store = new SnapshotStore(DiskFileStore.Instance, folder.Path + "/snapshots");
        Assert.Null(store.OpenNewest((path, why) => Assert.Fail(path + why)));
        for (int i = 0; i < 5; i++)
        {
            store.Write(HeadOf(store.NextNumber), new byte[] { 1, 2, 3 }, [[new byte[] { 4 }]]);
        }

        using SnapshotReader reader = store.OpenNewest((path, why) => Assert.Fail(path + why))!;
        Assert.Equal(5, reader.Head.Number);
        Assert.Equal(new byte[] { 1, 2, 3 }, reader.ReadNotes());
        Assert.Equal(4, reader.OpenLane(0).Read<byte>());
        Assert.Equal(SnapshotStore.DefaultKept, Directory.GetFiles(folder.Path + "/snapshots").Length);
    }

    private static SnapshotHead HeadOf(long number) => new(number, 1_000 * number, "hash", [new SnapshotLane(number, number)]);

    private static void Write(FilesInMemory files, long number) =>
        new SnapshotStore(files, "d").Write(HeadOf(number), new byte[] { 1, 2, 3 }, [[new byte[] { 4, 5, 6 }]]);

    private static bool TryWrite(FilesInMemory files, long number)
    {
        try
        {
            Write(files, number);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
