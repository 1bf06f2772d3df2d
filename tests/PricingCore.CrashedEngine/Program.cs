using PricingCore.CrashedEngine;

// Usage: PricingCore.CrashedEngine DIRECTORY PROMISES ROUND work|stop [Durable|Buffered]
// Starts an engine where the last one ended, checks that it keeps the promises of the one before, says so line by line, then works until it is killed, or with "stop" ends.
if (args.Length is not (4 or 5) || args[3] is not ("work" or "stop"))
{
    Console.Error.WriteLine("Usage: PricingCore.CrashedEngine DIRECTORY PROMISES ROUND work|stop [Durable|Buffered]");
    return 2;
}

return await LifeOfAnEngine.RunAsync(args);
