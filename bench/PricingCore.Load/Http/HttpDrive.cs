using System.Diagnostics;
using System.Net.Sockets;
using PricingCore.Load.Measuring;

namespace PricingCore.Load.Http;

/// <summary>Asks as fast as answers come, on so many connections, each with a thread of its own.</summary>
internal sealed class HttpDrive(ServerProcess server, int connections)
{
    private const int LeastBody = 100;

    public HttpRound Run(byte[][] requests, double seconds)
    {
        var latencies = new Latencies();
        long errors = 0;
        long asked = 0;
        using var ready = new Barrier(connections + 1);
        bool isOver = false;
        Thread[] threads = [.. Enumerable.Range(0, connections).Select(number => new Thread(() =>
        {
            using var connection = new HttpConnection(server.Port);
            ready.SignalAndWait();
            long own = 0;
            for (int i = number * 7; !Volatile.Read(ref isOver); i++)
            {
                long sent = Stopwatch.GetTimestamp();
                bool isRight = IsRight(connection, requests[i % requests.Length]);
                latencies.Record((long)Stopwatch.GetElapsedTime(sent).TotalNanoseconds);
                own++;
                if (!isRight)
                {
                    Interlocked.Increment(ref errors);
                }
            }

            Interlocked.Add(ref asked, own);
        }))];
        Array.ForEach(threads, thread => thread.Start());
        long allocated = server.AllocatedBytes();
        TimeSpan cpu = server.CpuTime;
        ready.SignalAndWait();
        long begin = Stopwatch.GetTimestamp();
        Thread.Sleep(TimeSpan.FromSeconds(seconds));
        Volatile.Write(ref isOver, true);
        Array.ForEach(threads, thread => thread.Join());
        double took = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        return new HttpRound(
            asked / took, (server.CpuTime - cpu).TotalMicroseconds / asked, (server.AllocatedBytes() - allocated) / (double)asked, errors, latencies);
    }

    private static bool IsRight(HttpConnection connection, byte[] request)
    {
        try
        {
            return connection.Ask(request) == 200 && connection.Body.Length > LeastBody && connection.Body[^1] == '}';
        }
        catch (Exception broken) when (broken is IOException or SocketException)
        {
            return false;
        }
    }
}
