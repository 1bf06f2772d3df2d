using Spectre.Console;

namespace PricingCore.Cli.Replay;

/// <summary>A progress bar on a terminal; nothing where the output goes into a pipe or a file.</summary>
internal static class Progress
{
    public static async Task<ReplaySummary> ShowAsync(EventFiles files, bool quiet, Func<Action<long>?, ValueTask<ReplaySummary>> work)
    {
        if (quiet || Console.IsErrorRedirected || Console.IsOutputRedirected)
        {
            return await work(null).ConfigureAwait(false);
        }

        IAnsiConsole terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return await terminal.Progress().AutoClear(true).StartAsync(async context =>
        {
            ProgressTask bar = context.AddTask("replay", maxValue: Math.Max(1, files.LengthBytes));
            return await work(events =>
            {
                bar.Value = files.PositionBytes;
                bar.Description = FormattableString.Invariant($"{events:N0} events");
            }).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }
}
