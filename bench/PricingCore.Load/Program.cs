using PricingCore.Load.Binary;
using PricingCore.Load.Budgets;
using PricingCore.Load.Http;
using PricingCore.Load.Measuring;
using PricingCore.Load.Ring;
using PricingCore.Load.Scenarios;
using PricingCore.Load.Suites;

const string Usage = """
    Usage: PricingCore.Load COMMAND [--short] [--budgets FILE] [--json FILE] [--markdown FILE]

      loop      an event through one loop, 100 and 10,000 regions, against a naive engine  [--rounds N] [--events N]
      publish   gate and ring, alone and beside a consumer                                 [--rounds N] [--events N]
      row       one row of 64 features                                                     [--rounds N] [--rows N]
      quote     a quote from the book, one and two readers, against a naive engine         [--rounds N] [--quotes N]
      kernel    a model of 100 trees, one row and 32, against ONNX Runtime                [--rounds N] [--passes N]
      forecast  the inference thread: throughput, latency by rate, refresh of 10,000 regions [--rounds N] [--requests N] [--seconds N]
      memory    bytes a region, of the process, and by rate of events
      cold      latency of quotes that need a decision, open loop                          [--rate N] [--seconds N]
      mixed     latency of events and quotes together, open loop                           [--events-per-second N] [--quotes-per-second N] [--seconds N]
      audit     quotes into the audit log: a rate, the most, bytes, look-ups               [--rate N] [--seconds N] [--quotes N] [--folder DIR]
      journal   what a journal costs the loop, durable events a second, bytes, replay, restart [--rounds N] [--seconds N] [--tail N] [--folder DIR]
      snapshot  a snapshot of 10,000 regions: how long the loop stands still, file, loading [--rounds N] [--quiet-events N]
      http      a price over HTTP against a bare minimal API with the same bytes, events as lines [--rounds N] [--seconds N] [--connections N] [--regions N]
      scenario  a service through the phases of a file: HTTP prices, binary events, slow clients, open loop [--file bench/scenarios/day.json] [--seconds N: of each phase, at most] [--sidecar PROGRAM: the sidecar with all it has] [--data DIR: of the sidecar, kept for the next run]
      ring      the ring against a bounded channel, one thread and two                     [--rounds N] [--events N]
      binary    quotes over the binary protocol in batches of 256, against a bare connection handler [--rounds N] [--milliseconds N]
      all       all of the above
      ring-only NAME  one scenario of the ring; exit code 1 when it misses its target      [--rounds N] [--events N]
      budget    the short run that bench/check-budgets.sh judges                           --budgets FILE [--limit-seconds N]
    """;

var suites = new Dictionary<string, Func<LoadOptions, IReadOnlyList<Measurement>>>(StringComparer.Ordinal)
{
    ["ring"] = RingSuite.Run,
    ["loop"] = LoopLoad.Run,
    ["publish"] = PublishLoad.Run,
    ["row"] = RowLoad.Run,
    ["quote"] = QuoteLoad.Run,
    ["kernel"] = KernelLoad.Run,
    ["forecast"] = ForecastLoad.Run,
    ["memory"] = MemoryLoad.Run,
    ["cold"] = ColdLoad.Run,
    ["mixed"] = MixedLoad.Run,
    ["audit"] = AuditLoad.Run,
    ["journal"] = JournalLoad.Run,
    ["snapshot"] = SnapshotLoad.Run,
    ["http"] = HttpLoad.Run,
    ["scenario"] = ScenarioLoad.Run,
    ["binary"] = BinaryLoad.Run,
};

string command = args.Length == 0 ? "" : args[0];
string[] rest = args.Length == 0 ? [] : args[1..];
try
{
    switch (command)
    {
        case "ring-only" when rest.Length > 0:
            return RingLoad.Run(["--only", .. rest]);
        case "budget":
            return BudgetRun.Run(rest);
        case BinaryLoad.ServerCommand:
            return BinaryServer.Run(rest);
        case MemoryLoad.ProbeCommand:
            return MemoryLoad.Probe(rest);
        case HttpServer.Command:
            return HttpServer.RunAsync(rest).GetAwaiter().GetResult();
        case "all":
            return Report(suites.Values);
        case var _ when suites.TryGetValue(command, out Func<LoadOptions, IReadOnlyList<Measurement>>? suite):
            return Report([suite]);
        default:
            Console.Error.WriteLine(command.Length == 0 ? Usage : $"Unknown command '{command}'.\n{Usage}");
            return 2;
    }
}
catch (InvalidOperationException wrong)
{
    Console.Error.WriteLine("Not measured: " + wrong.Message);
    return 1;
}
catch (ArgumentException wrong)
{
    Console.Error.WriteLine(wrong.Message);
    return 2;
}

int Report(IEnumerable<Func<LoadOptions, IReadOnlyList<Measurement>>> chosen)
{
    var options = new LoadOptions(rest);
    IEnumerable<Measurement> results = chosen.SelectMany(suite => suite(options));
    if (options.BudgetsFile is { } file)
    {
        results = BudgetList.Load(file).Judge(results);
    }

    string[] said = [.. args.Where((word, i) => !IsFile(word) && (i == 0 || !IsFile(args[i - 1])))]; // Paths differ by machine.
    Output.Write(new LoadReport(Machine.Here(), string.Join(' ', ["PricingCore.Load", .. said]), [.. results]), options);
    return 0;
}

bool IsFile(string option) => option is "--json" or "--markdown" or "--budgets" or "--sidecar" or "--data";
