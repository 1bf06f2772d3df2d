using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using PricingCore.Cli.Audit;
using PricingCore.Cli.Backtest;
using PricingCore.Cli.Demo;
using PricingCore.Cli.Explain;
using PricingCore.Cli.Journal;
using PricingCore.Cli.Keys;
using PricingCore.Cli.Models;
using PricingCore.Cli.Replay;
using PricingCore.Cli.Serve;
using PricingCore.Cli.Simulate;
using PricingCore.Cli.Training;

namespace PricingCore.Cli;

/// <summary>The <c>pricing</c> command: its subcommands, and what becomes of their errors.</summary>
internal static class PricingCommandLine
{
    /// <summary>Runs a command line.</summary>
    /// <returns>0: done; 1: the work failed; 2: the command line, or a file that describes the work, is wrong.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output, TextWriter error)
    {
        var root = new RootCommand("Prices from market events: a server, a demo on a simulated city, the replay of recorded events, demand models, the engine's journal, why a price was what it was, and who may ask.")
        {
            DemoCommand.Create(output, TimeProvider.System),
            ReplayCommand.Create(output, error),
            ServeCommand.Create(output, error),
            SimulateCommand.Create(output),
            TrainCommand.Create(output, error),
            EvaluateCommand.Create(output, error),
            ModelCommand.Create(output),
            JournalCommand.Create(output),
            BacktestCommand.Create(output),
            ExplainCommand.Create(output),
            AuditCommand.Create(output),
            KeysCommand.Create(output, TimeProvider.System),
        };
        ParseResult parsed = root.Parse(args);
        if (parsed.Action is ParseErrorAction)
        {
            foreach (ParseError mistake in parsed.Errors)
            {
                await error.WriteLineAsync($"pricing: {mistake.Message}").ConfigureAwait(false);
            }

            await error.WriteLineAsync($"Try: {Path(parsed.CommandResult)} --help").ConfigureAwait(false);
            return ExitCode.WrongUsage;
        }

        var configuration = new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false };
        if (parsed.CommandResult.Command.Name == ServeCommand.Name)
        {
            configuration.ProcessTerminationTimeout = null; // The service sees to signals itself: its drain must not be cut off.
        }

        try
        {
            return await parsed.InvokeAsync(configuration).ConfigureAwait(false);
        }
        catch (CommandFailedException exception)
        {
            foreach (string line in exception.Errors)
            {
                await error.WriteLineAsync(line).ConfigureAwait(false);
            }

            await error.WriteLineAsync($"pricing: {exception.Message}").ConfigureAwait(false);
            return exception.ExitCode;
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("pricing: stopped").ConfigureAwait(false);
            return ExitCode.Failed;
        }
    }

    private static string Path(SymbolResult result) =>
        result is CommandResult { Parent: CommandResult } command ? $"pricing {command.Command.Name}" : "pricing";
}
