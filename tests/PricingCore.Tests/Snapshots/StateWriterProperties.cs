using FsCheck;
using FsCheck.Fluent;
using PricingCore.Snapshots;

namespace PricingCore.Tests.Snapshots;

/// <summary>
/// Goal: what is written comes back in the order it was written, wherever blocks end, whether values are read one by one or many at once.
/// Method: random scripts of writes over blocks of random size, read back by the same script, packed numbers of every width among them.
/// Values were once cut where a block ends, which broke the loading of 100,000 keys; this is the test for it.
/// </summary>
public sealed class StateWriterProperties
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(Cases.Of(1_000));

    [Fact]
    public void Read_OfAnyScript_GivesWhatWasWritten() => Check.One(Thorough, Prop.ForAll(Seeds.Any, seed =>
    {
        var random = new Random(seed);
        using var writer = new StateWriter(random.Next(20_000), blockBytes: random.Next(4_200, 9_000));
        int steps = random.Next(200);
        Play(new Random(seed), steps, new Writing(writer));
        StateReader reader = StateReader.Of(writer.Blocks.Select(block => (ReadOnlyMemory<byte>)block.ToArray()));
        Play(new Random(seed), steps, new Reading(reader));

        Assert.True(reader.IsAtEnd);
        Assert.Equal(writer.Blocks.Sum(block => (long)block.Length), writer.Length);
        Assert.Throws<SnapshotException>(() => reader.Read<byte>());
    }));

    [Theory]
    [InlineData(0L, 0)]
    [InlineData(-1L, 1)]
    [InlineData(127L, 1)]
    [InlineData(-128L, 1)]
    [InlineData(128L, 2)]
    [InlineData(-129L, 2)]
    [InlineData(32_768L, 4)]
    [InlineData(int.MinValue, 4)]
    [InlineData(int.MaxValue + 1L, 8)]
    [InlineData(long.MinValue, 8)]
    public void WidthOf_ANumberAmongZeros_IsTheBytesItNeeds(long number, int width)
    {
        for (int length = 1; length < 70; length++)
        {
            long[] numbers = new long[length];
            numbers[^1] = number;
            Assert.Equal(width, PackedNumbers.WidthOf(numbers));
            if (width <= 4)
            {
                Assert.Equal(width, PackedNumbers.WidthOf(Array.ConvertAll(numbers, n => (int)n)));
            }
        }
    }

    private static void Play(Random random, int steps, IScript script)
    {
        for (int i = 0; i < steps; i++)
        {
            switch (random.Next(7))
            {
                case 0:
                    script.One(random.NextInt64());
                    break;
                case 1:
                    script.One((byte)random.Next(256));
                    break;
                case 2:
                    script.Bool(random.Next(2) == 0);
                    break;
                case 3:
                    script.OneByOne([.. Enumerable.Range(0, random.Next(900)).Select(_ => new Odd(random.NextInt64(), random.NextInt64(), random.NextInt64()))]);
                    break;
                case 4:
                    script.Many([.. Enumerable.Range(0, random.Next(2_000)).Select(_ => random.Next())]);
                    break;
                case 5:
                    int width = random.Next(1, 64);
                    script.Packed([.. Enumerable.Range(0, random.Next(2_000)).Select(_ => random.NextInt64(-(1L << (width - 1)), 1L << (width - 1)))]);
                    break;
                default:
                    int narrow = random.Next(1, 32);
                    script.Packed([.. Enumerable.Range(0, random.Next(2_000)).Select(_ => (int)random.NextInt64(-(1L << (narrow - 1)), 1L << (narrow - 1)))]);
                    break;
            }
        }
    }

    /// <summary>24 bytes, which divide no size of a block that is a power of two.</summary>
    private readonly record struct Odd(long First, long Second, long Third);

    private interface IScript
    {
        void One<T>(T value)
            where T : unmanaged;

        void Bool(bool value);

        void OneByOne(Odd[] values);

        void Many(int[] values);

        void Packed(long[] values);

        void Packed(int[] values);
    }

    private sealed class Writing(StateWriter writer) : IScript
    {
        public void One<T>(T value)
            where T : unmanaged => writer.Write(value);

        public void Bool(bool value) => writer.Write(value);

        public void OneByOne(Odd[] values) => writer.Write<Odd>(values);

        public void Many(int[] values) => Array.ForEach(values, value => writer.Write(value));

        public void Packed(long[] values) => writer.WritePacked(values);

        public void Packed(int[] values) => writer.WritePacked(values);
    }

    private sealed class Reading(StateReader reader) : IScript
    {
        public void One<T>(T value)
            where T : unmanaged => Assert.Equal(value, reader.Read<T>());

        public void Bool(bool value) => Assert.Equal(value, reader.ReadBool());

        public void OneByOne(Odd[] values) => Array.ForEach(values, value => Assert.Equal(value, reader.Read<Odd>()));

        public void Many(int[] values)
        {
            int[] read = new int[values.Length];
            reader.Read<int>(read);
            Assert.Equal(values, read);
        }

        public void Packed(long[] values)
        {
            long[] read = new long[values.Length];
            reader.ReadPacked(read);
            Assert.Equal(values, read);
        }

        public void Packed(int[] values)
        {
            int[] read = new int[values.Length];
            reader.ReadPacked(read);
            Assert.Equal(values, read);
        }
    }
}
