using PricingCore.Load.Ring;

if (args.Length == 0)
{
    Console.Error.WriteLine("Usage: PricingCore.Load <ring> [options]");
    return 2;
}

switch (args[0])
{
    case "ring":
        return RingLoad.Run(args[1..]);
    default:
        Console.Error.WriteLine($"Unknown command '{args[0]}'. Known: ring.");
        return 2;
}
