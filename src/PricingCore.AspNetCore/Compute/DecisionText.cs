using System.Buffers;
using PricingCore.Surge;

namespace PricingCore.AspNetCore.Compute;

/// <summary>The text of one decision after another, each where the one before was.</summary>
/// <remarks>
/// A text lives as long as its decision, some seconds: an array for each would be old when it dies, and the holes were as large as all living texts together. So the
/// array stays and its content changes, under a sequence lock as that of the published rows: the stamp is odd while somebody writes, and who reads takes a copy and looks
/// whether the stamp is still the same. Nobody waits: who meets a writer makes the text again.
/// </remarks>
/// <threadsafety>Any thread, without locks.</threadsafety>
internal sealed class DecisionText
{
    private const int Room = 64; // Texts of one region differ by some digits: with room for them the array is seldom replaced.

    private SurgeDecision? _decision;
    private byte[] _bytes = [];
    private int _length;
    private int _stamp;

    /// <summary>Copies the text of a decision.</summary>
    /// <param name="decision">The decision.</param>
    /// <param name="copy">Where the copy goes; empty before, and empty again when there is none.</param>
    /// <returns><see langword="false"/> when the text is another's, or is being replaced.</returns>
    public bool TryCopy(SurgeDecision decision, ArrayBufferWriter<byte> copy)
    {
        int before = Volatile.Read(ref _stamp);
        byte[] bytes = _bytes;
        int length = _length;
        if ((before & 1) != 0 || !ReferenceEquals(_decision, decision) || length > bytes.Length)
        {
            return false;
        }

        copy.Write(bytes.AsSpan(0, length));
        Volatile.ReadBarrier();
        if (Volatile.Read(ref _stamp) == before)
        {
            return true;
        }

        copy.ResetWrittenCount();
        return false;
    }

    /// <summary>Replaces the text, unless somebody else does at this moment.</summary>
    public void Replace(SurgeDecision decision, ReadOnlySpan<byte> text)
    {
        int before = Volatile.Read(ref _stamp);
        if ((before & 1) != 0 || Interlocked.CompareExchange(ref _stamp, before + 1, before) != before)
        {
            return;
        }

        if (text.Length > _bytes.Length)
        {
            _bytes = new byte[text.Length + Room];
        }

        text.CopyTo(_bytes);
        _length = text.Length;
        _decision = decision;
        Volatile.Write(ref _stamp, before + 2);
    }
}
