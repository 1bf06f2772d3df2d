using System.Diagnostics;
using System.Globalization;
using PricingCore.Simulation;

// dotnet run --project tests/PricingCore.Simulation -c Release -- --seed 1 --hours 2 [--steps 4000] [--seeds 1]
int seed = (int)Number("--seed", 1);
int steps = (int)Number("--steps", 4_000);
double seeds = Number("--seeds", double.MaxValue);
TimeSpan time = TimeSpan.FromHours(Number("--hours", seeds < double.MaxValue ? 10_000 : 1.0 / 60));
var sum = new SimulationReport();
var clock = Stopwatch.StartNew();
TimeSpan said = TimeSpan.Zero;
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"commit {SourceCommit.Find()}, seeds from {seed} on, {steps} steps each, for {time}"));
try
{
    for (int i = 0; clock.Elapsed < time && i < seeds; i++)
    {
        sum.Add(new EngineSimulation(unchecked(seed + i)).Run(steps));
        if (clock.Elapsed - said > TimeSpan.FromSeconds(10))
        {
            said = clock.Elapsed;
            Console.WriteLine($"{clock.Elapsed:hh\\:mm\\:ss} {sum}");
        }
    }
}
catch (SimulationFailedException failure)
{
    Console.Error.WriteLine(failure);
    Console.WriteLine($"{clock.Elapsed:hh\\:mm\\:ss} {sum}");
    return 1;
}

Console.WriteLine($"{clock.Elapsed:hh\\:mm\\:ss} {sum}, digest {sum.Digest:x16}");
return 0;

double Number(string name, double otherwise)
{
    int at = Array.IndexOf(args, name);
    return at >= 0 && at + 1 < args.Length ? double.Parse(args[at + 1], CultureInfo.InvariantCulture) : otherwise;
}
