using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using PricingCore.Hosting;
using Spectre.Console;

namespace PricingCore.Cli.Serve;

/// <summary>Shows on a terminal how far the recovery of a journal is; elsewhere the log says it.</summary>
internal static class RecoveryBar
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);

    /// <summary>Completes when the engine runs, or cannot.</summary>
    public static async Task ShowAsync(WebApplication application)
    {
        EngineLifetime engine = application.Services.GetRequiredService<EngineLifetime>();
        if (Console.IsErrorRedirected || Console.IsOutputRedirected || engine.State != EngineState.Starting)
        {
            return;
        }

        IAnsiConsole terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        await terminal.Progress().AutoClear(true).StartAsync(async context =>
        {
            ProgressTask bar = context.AddTask("recovery").IsIndeterminate();
            while (engine.State == EngineState.Starting && !application.Lifetime.ApplicationStopping.IsCancellationRequested)
            {
                bar.Description = FormattableString.Invariant($"recovery: {engine.RecoveredRecords:N0} records of the journal");
                await Task.Delay(LookAgain).ConfigureAwait(false);
            }
        }).ConfigureAwait(false);
    }
}
