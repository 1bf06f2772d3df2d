using PricingCore.Sidecar;

return await SidecarProcess.RunAsync(args, Console.Out, Console.Error).ConfigureAwait(false);
