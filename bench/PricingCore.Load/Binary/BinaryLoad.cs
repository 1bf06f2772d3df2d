using System.Diagnostics;
using System.Globalization;
using PricingCore.Load.Measuring;

namespace PricingCore.Load.Binary;

/// <summary>
/// Question: how many quotes a second does the binary protocol serve in batches of 256, and how much of what Kestrel can do is that?
/// Method: two servers in processes of their own, in turns from the same generator: the engine behind the protocol, and a bare handler that
/// parses the same frames and answers each with the same number of ready bytes. Every answer is checked. Two connections, eight frames under way on each.
/// <code>
/// this process: 2 x (socket -> frames, answers checked) -> child: Kestrel -> handler -> quote book
///                                                       -> child: Kestrel -> handler -> ready bytes
/// </code>
/// </summary>
internal static class BinaryLoad
{
    public const string ServerCommand = "binary-server";

    private const int Connections = 2;

    public static IReadOnlyList<Measurement> Run(LoadOptions options)
    {
        int rounds = options.Number("--rounds", full: 9, brief: 3);
        int millis = options.Number("--milliseconds", full: 1_500, brief: 500);
        using Process engine = StartServer("engine", out int enginePort);
        using Process bare = StartServer("bare", out int barePort);
        try
        {
            var own = new Served[rounds];
            var ready = new Served[rounds];
            Measure(engine, enginePort, 2_000); // Both compiled before anything counts.
            Measure(bare, barePort, 2_000);
            for (int round = 0; round < rounds; round++)
            {
                own[round] = Measure(engine, enginePort, millis);
                ready[round] = Measure(bare, barePort, millis);
            }

            double[] share = [.. own.Zip(ready, (ours, theirs) => ours.PerSecond / theirs.PerSecond)];
            return
            [
                new Measurement("binary", Median.Of(own.Select(s => s.PerSecond)) / 1e6, "M quotes/s")
                {
                    Rival = "bare ConnectionHandler, ready bytes",
                    RivalValue = Median.Of(ready.Select(s => s.PerSecond)) / 1e6,
                    Ratio = Median.Of(share),
                    Note = string.Create(
                        CultureInfo.InvariantCulture,
                        $"batches of {BinaryClient.BatchSize}, {Connections} connections; server CPU {Median.Of(own.Select(s => s.ServerNanos)):F0} against {Median.Of(ready.Select(s => s.ServerNanos)):F0} ns/quote; {share.Min():F2}..{share.Max():F2} in {rounds} pairs"),
                },
            ];
        }
        finally
        {
            Stop(engine);
            Stop(bare);
        }
    }

    private static Served Measure(Process server, int port, int millis)
    {
        server.Refresh();
        TimeSpan cpu = server.TotalProcessorTime;
        long begin = Stopwatch.GetTimestamp();
        long[] quotes = new long[Connections];
        Exception? failure = null;
        Thread[] threads = [.. Enumerable.Range(0, Connections).Select(i => new Thread(() =>
        {
            try
            {
                using var client = new BinaryClient(port);
                quotes[i] = client.Run(TimeSpan.FromMilliseconds(millis));
            }
            catch (Exception wrong)
            {
                failure = wrong;
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        server.Refresh();
        return failure is null
            ? new Served(quotes.Sum() / seconds, (server.TotalProcessorTime - cpu).TotalNanoseconds / quotes.Sum())
            : throw new InvalidOperationException("A connection of the generator failed.", failure);
    }

    private static Process StartServer(string what, out int port)
    {
        ProcessStartInfo start = ThisProgram.With(ServerCommand, what);
        start.RedirectStandardInput = true;
        Process server = Process.Start(start)!;
        string? line = server.StandardOutput.ReadLine();
        return int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out port)
            ? server
            : throw new InvalidOperationException($"The server '{what}' did not start: {line}");
    }

    private static void Stop(Process server)
    {
        server.StandardInput.Close(); // Ends it.
        if (!server.WaitForExit(TimeSpan.FromSeconds(10)))
        {
            server.Kill();
        }
    }

    private readonly record struct Served(double PerSecond, double ServerNanos);
}
