using System.Globalization;
using PricingCore.Bench.Workload;
using PricingCore.Load.Http;
using PricingCore.Load.Measuring;
using PricingCore.Load.Suites;

namespace PricingCore.Load.Scenarios;

/// <summary>
/// Questions: does a service hold the rates of a scenario, how long does a price take meanwhile, and does its memory stand still?
/// Method: a server process with an engine behind HTTP and the binary protocol, or the sidecar as it is delivered (--sidecar); this process keeps the rates of each phase whatever the service does. Every answer is checked for
/// its status and its region. Latencies are from the planned time. Memory is read at the end of each phase.
/// <code>
/// this process: 8 senders, 8 receivers -> HTTP -> compute -> quote book
///               1 sender of events     -> binary protocol -> ring -> loop           | the server process
///               slow clients           -> HTTP, a byte a second
/// </code>
/// </summary>
internal static class ScenarioLoad
{
    private const int Connections = 8;

    public static IReadOnlyList<Measurement> Run(LoadOptions options)
    {
        var scenario = Scenario.Load(options.Text("--file") ?? "bench/scenarios/day.json");
        int most = options.Number("--seconds", full: int.MaxValue, brief: 3);
        using MeasuredServer server = options.Text("--sidecar") is { } program ? SidecarServer.Start(program, options.Text("--data")) : new ServerProcess(scenario.Regions);
        var stream = new MarketStream(scenario.Regions);
        ScenarioPhase[] phases = [.. scenario.Phases.Select(phase => phase with { Seconds = Math.Min(most, phase.Seconds) })];
        return RunAsync(server, stream, new PriceRequests([.. stream.Regions.Select(region => region.Id)], scenario.RequestIds), phases).GetAwaiter().GetResult();
    }

    private static async Task<IReadOnlyList<Measurement>> RunAsync(MeasuredServer server, MarketStream stream, PriceRequests requests, ScenarioPhase[] phases)
    {
        await using var events = new EventSender(server.BinaryPort, stream);
        var results = new List<Measurement>();
        foreach (ScenarioPhase phase in phases)
        {
            results.AddRange(await RunAsync(server, events, requests, phase).ConfigureAwait(false));
        }

        return results;
    }

    private static async Task<Measurement[]> RunAsync(MeasuredServer server, EventSender events, PriceRequests requests, ScenarioPhase phase)
    {
        OpenLoopClient[] clients = [.. Enumerable.Range(0, Connections).Select(number => new OpenLoopClient(server.Port, requests, number * requests.Count / Connections))];
        TimeSpan cpu = server.CpuTime;
        (_, long gen2, double pauses) = server.Memory();
        using (var slow = new SlowClients(server.Port, phase.SlowClients))
        {
            Task sending = phase.EventsPerSecond > 0 ? events.RunAsync(phase.EventsPerSecond, phase.Seconds) : Task.CompletedTask;
            Task[] asking = phase.RequestsPerSecond == 0
                ? []
                : [.. clients.SelectMany(client => new[]
                {
                    OnThread(() => client.Send((double)phase.RequestsPerSecond / Connections, phase.Seconds)),
                    OnThread(client.Receive),
                })];
            await Task.WhenAll([sending, .. asking]).ConfigureAwait(false);
        }

        double cores = (server.CpuTime - cpu).TotalSeconds / phase.Seconds;
        Measurement[] results = Report(phase, clients, events, server, cores, (gen2, pauses));
        Array.ForEach(clients, client => client.Dispose());
        return results;
    }

    private static Measurement[] Report(ScenarioPhase phase, OpenLoopClient[] clients, EventSender events, MeasuredServer server, double cores, (long Gen2, double PauseMillis) before)
    {
        string name = string.Concat("scenario_", phase.Name.Replace(' ', '_'));
        (long heap, long gen2, double pauses) = server.Memory();
        long answered = clients.Sum(client => client.Received);
        long errors = clients.Sum(client => client.Errors);
        var all = new Latencies();
        Array.ForEach(clients, client => all.Add(client.Latencies));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{phase.Name,-16} {answered / (double)phase.Seconds,9:N0} prices/s  {errors} errors  {(phase.EventsPerSecond > 0 ? events.Taken / (double)phase.Seconds : 0),9:N0} events/s  {all}"));
        return
        [
            new Measurement($"{name}_prices", answered / (double)phase.Seconds, "requests/s")
            {
                Note = string.Create(CultureInfo.InvariantCulture, $"{errors} errors, {clients.Sum(client => client.Refused)} of them refusals; {cores:F2} cores of the server process"),
            },
            .. LatencyRows.Of($"{name}_latency", all),
            new Measurement($"{name}_events", phase.EventsPerSecond > 0 ? events.Taken / (double)phase.Seconds : 0, "events/s") { Note = string.Create(CultureInfo.InvariantCulture, $"{events.Refused} refused") },
            new Measurement($"{name}_memory", server.ResidentBytes / 1048576.0, "MiB")
            {
                Note = string.Create(CultureInfo.InvariantCulture, $"resident at the end; managed heap {heap / 1048576.0:F1} MiB; {gen2 - before.Gen2} collections of the oldest generation, {pauses - before.PauseMillis:F0} ms of pauses"),
            },
        ];
    }

    private static Task OnThread(Action action) => Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
