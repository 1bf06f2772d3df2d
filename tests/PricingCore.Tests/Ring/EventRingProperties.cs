using FsCheck;
using FsCheck.Fluent;
using PricingCore.Ring;

namespace PricingCore.Tests.Ring;

/// <summary>
/// Goal: on one thread, the ring cannot be told apart from a bounded FIFO queue, whichever of its members are mixed.
/// Method: play a random script of single and batch publishes, claims, takes and batch drains on the ring and on a
/// <see cref="Queue{T}"/> with the same capacity, and compare every answer. A failing script is shrunk to a few steps.
/// </summary>
public sealed class EventRingProperties
{
    // To rerun a failure, append .WithReplay(a, b) with the pair of numbers that FsCheck printed.
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(2_000).WithEndSize(200);

    /// <summary>The remainder of a step by 6 says what to do, the quotient how much.</summary>
    private static readonly Arbitrary<int[]> Scripts = ArbMap.Default.ArbFor<int[]>();

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(128)]
    public void Ring_AnswersLikeABoundedQueue(int capacity) =>
        Check.One(Thorough, Prop.ForAll(Scripts, script => new Comparison(capacity).Play(script)));

    private sealed class Comparison(int capacity)
    {
        private readonly EventRing<int> _ring = new(capacity);
        private readonly Queue<int> _model = new();
        private int _next;

        public void Play(int[] script)
        {
            foreach (int step in script)
            {
                int size = (int)(Math.Abs((long)step) / 6 % (capacity + 1));
                Do(step, size);
                Assert.Equal(_model.Count, _ring.Count);
            }

            Assert.Equal(_model, EventRingTests.Drain(_ring));
        }

        private void Do(int step, int size)
        {
            switch (Math.Abs((long)step) % 6)
            {
                case 0:
                    Accept(_ring.TryPublish(_next), [_next]);
                    break;
                case 1:
                    int[] batch = NextItems(size);
                    Accept(_ring.TryPublish(batch), batch);
                    break;
                case 2:
                    int[] claimed = NextItems(size);
                    Accept(ClaimAndPublish(claimed), claimed);
                    break;
                case 3:
                    bool expected = _model.TryDequeue(out int oldest);
                    Assert.Equal((expected, oldest), (_ring.TryTake(out int taken), taken));
                    break;
                default: // Twice as likely, so that the ring is not full all the time.
                    DrainInPlace(Math.Max(1, size));
                    break;
            }
        }

        private void Accept(bool published, int[] items)
        {
            Assert.Equal(_model.Count + items.Length <= capacity, published);
            if (published)
            {
                Array.ForEach(items, _model.Enqueue);
                _next += items.Length;
            }
        }

        private bool ClaimAndPublish(int[] items)
        {
            if (!_ring.TryClaim(items.Length, out long position))
            {
                return false;
            }

            // Backwards, in two parts: the order of writing and publishing must not matter.
            for (int i = items.Length - 1; i >= 0; i--)
            {
                _ring.Slot(position + i) = items[i];
            }

            int half = items.Length / 2;
            int before = _ring.Available(capacity);
            _ring.Publish(position + half, items.Length - half);
            Assert.Equal(half == 0 ? before + items.Length : before, _ring.Available(capacity));
            _ring.Publish(position, half);
            return true;
        }

        private void DrainInPlace(int max)
        {
            int available = _ring.Available(max);
            Assert.Equal(Math.Min(max, _model.Count), available);
            Assert.Equal(_model.Take(available), Enumerable.Range(0, available).Select(offset => _ring.Peek(offset)));

            int released = (available + 1) / 2;
            _ring.Release(released);
            for (int i = 0; i < released; i++)
            {
                _model.Dequeue();
            }
        }

        private int[] NextItems(int count) => [.. Enumerable.Range(_next, count)];
    }
}
