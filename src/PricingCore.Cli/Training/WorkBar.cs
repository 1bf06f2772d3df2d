using Spectre.Console;

namespace PricingCore.Cli.Training;

/// <summary>A progress bar with one line a stage on a terminal; nothing where the output goes into a pipe or a file.</summary>
internal sealed class WorkBar
{
    private readonly ProgressContext? _context;
    private ProgressTask? _task;
    private string _stage = "";

    private WorkBar(ProgressContext? context) => _context = context;

    public static async Task<T> ShowAsync<T>(bool quiet, Func<WorkBar, Task<T>> work)
    {
        if (quiet || Console.IsErrorRedirected || Console.IsOutputRedirected)
        {
            return await work(new WorkBar(null)).ConfigureAwait(false);
        }

        IAnsiConsole terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return await terminal.Progress().AutoClear(true).StartAsync(context => work(new WorkBar(context))).ConfigureAwait(false);
    }

    /// <summary>Says how far a stage is.</summary>
    /// <param name="stage">Names the stage; a new name begins a new line.</param>
    /// <param name="share">From 0 to 1.</param>
    /// <param name="detail">What is being done now.</param>
    public void Report(string stage, double share, string detail)
    {
        if (_context is null)
        {
            return;
        }

        if (_task is null || stage != _stage)
        {
            _task?.StopTask();
            _task = _context.AddTask(stage, maxValue: 1);
            _stage = stage;
        }

        _task.Value = Math.Clamp(share, 0, 1);
        _task.Description = Markup.Escape($"{stage}: {detail}");
    }
}
