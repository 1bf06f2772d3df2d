using System.Text;

namespace PricingCore.CrashedEngine;

/// <summary>Says what was acknowledged: one write to the pipe for each line, so that what is killed has said all of a line or nothing of it.</summary>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class Acknowledgements : IDisposable
{
    private readonly Stream _output = Console.OpenStandardOutput();
    private readonly Lock _lock = new();

    public void Say(string line)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(line + "\n");
        lock (_lock)
        {
            _output.Write(bytes);
        }
    }

    public void Dispose() => _output.Dispose();
}
