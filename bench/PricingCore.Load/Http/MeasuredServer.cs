using System.Diagnostics;

namespace PricingCore.Load.Http;

/// <summary>A service in a process of its own, and what the system and the service say of it.</summary>
internal abstract class MeasuredServer : IDisposable
{
    protected MeasuredServer(Process process) => Process = process;

    /// <summary>Where HTTP is.</summary>
    public int Port { get; protected init; }

    /// <summary>Where the binary protocol is.</summary>
    public int BinaryPort { get; protected init; }

    /// <summary>Bytes of the process that are in memory.</summary>
    public long ResidentBytes
    {
        get
        {
            Process.Refresh();
            return Process.WorkingSet64;
        }
    }

    /// <summary>CPU time that the process has used.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            Process.Refresh();
            return Process.TotalProcessorTime;
        }
    }

    protected Process Process { get; }

    /// <summary>How its memory stands: bytes of the managed heap, collections of the oldest generation so far, milliseconds of pauses so far.</summary>
    public abstract (long HeapBytes, long Gen2, double PauseMillis) Memory();

    public virtual void Dispose()
    {
        if (!Process.WaitForExit(TimeSpan.FromSeconds(30)))
        {
            Process.Kill();
        }

        Process.Dispose();
    }
}
