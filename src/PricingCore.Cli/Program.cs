return await PricingCore.Cli.PricingCommandLine.RunAsync(args, Console.Out, Console.Error).ConfigureAwait(false);
