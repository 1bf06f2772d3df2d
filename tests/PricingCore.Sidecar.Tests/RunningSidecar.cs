using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using PricingCore.Hosting.Tests;

namespace PricingCore.Sidecar.Tests;

/// <summary>A sidecar in this process, on ports of its own, from its command line to its exit code.</summary>
internal sealed class RunningSidecar : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Task<int> _run;
    private readonly WebApplication _application;

    private RunningSidecar(Task<int> run, WebApplication application, KeptLog log)
    {
        _run = run;
        _application = application;
        Log = log;
    }

    public KeptLog Log { get; }

    /// <summary>The addresses, in the order of the command line.</summary>
    public IReadOnlyList<string> Urls => [.. _application.Urls];

    public IServiceProvider Services => _application.Services;

    public static async Task<RunningSidecar> StartAsync(params string[] args)
    {
        var log = new KeptLog();
        var started = new TaskCompletionSource<WebApplication>(TaskCreationOptions.RunContinuationsAsynchronously);
        var error = new StringWriter();
        Task<int> run = Task.Run(() => SidecarProcess.RunAsync(args, TextWriter.Null, error, logging => logging.AddProvider(log), application =>
        {
            started.SetResult(application);
            return Task.CompletedTask;
        }));
        await Task.WhenAny(started.Task, run).WaitAsync(Limit);
        Assert.True(started.Task.IsCompleted, $"It ended with {(run.IsCompletedSuccessfully ? run.Result : run.Exception)}:\n{error}");
        var sidecar = new RunningSidecar(run, await started.Task, log);
        await log.UntilAsync(6_001);
        return sidecar;
    }

    /// <summary>Stops it as a signal does.</summary>
    public async Task<int> StopAsync()
    {
        _application.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        return await _run.WaitAsync(Limit);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_run.IsCompleted)
        {
            await StopAsync();
        }
    }
}
