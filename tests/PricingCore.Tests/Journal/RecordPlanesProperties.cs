using System.Runtime.InteropServices;
using FsCheck;
using FsCheck.Fluent;
using PricingCore.Events;
using PricingCore.Journal;

namespace PricingCore.Tests.Journal;

/// <summary>
/// Goal: planes give back every record bit for bit, whatever bits it has. Method: records of random bytes, alone, all the same, or the same but for a few bytes.
/// </summary>
public sealed class RecordPlanesProperties
{
    [Fact]
    public void Unpack_GivesBackWhatWasPacked() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(Seeds.Any, seed =>
    {
        var random = new Random(seed);
        var records = new AcceptedEvent[random.Next(4) == 0 ? JournalFormat.MaxRecordsInBlock : random.Next(1, 200)];
        Span<byte> bytes = MemoryMarshal.AsBytes(records.AsSpan());
        if (random.Next(2) == 0)
        {
            random.NextBytes(bytes);
        }

        for (int change = random.Next(20); change > 0; change--)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        AcceptedEvent[] packed = [.. records];
        var head = new byte[RecordPlanes.MaxHeadBytes];
        var planes = new byte[bytes.Length];
        (int headBytes, int planeBytes) = RecordPlanes.Pack(packed, head, planes);
        Array.Resize(ref head, headBytes);
        Array.Resize(ref planes, planeBytes);
        var back = new AcceptedEvent[records.Length];
        RecordPlanes.Unpack(head, planes, back);

        JournalRecords.AssertSame(records, back);
    }));
}
