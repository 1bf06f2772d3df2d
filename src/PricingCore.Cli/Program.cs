using System.CommandLine;
using PricingCore.Cli.Demo;

RootCommand root = new("PricingCore: surge prices from market events.") { DemoCommand.Create() };
return await root.Parse(args).InvokeAsync();
