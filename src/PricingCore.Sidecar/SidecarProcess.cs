using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PricingCore.AspNetCore.Security;
using PricingCore.Hosting;

namespace PricingCore.Sidecar;

/// <summary>Runs the process from its command line to its exit code.</summary>
internal static class SidecarProcess
{
    /// <summary>It ended as it was told to.</summary>
    public const int Ok = 0;

    /// <summary>The engine could not start, or the server could not listen.</summary>
    public const int Failed = 1;

    /// <summary>The command line or the configuration is wrong; nothing was started.</summary>
    public const int WrongConfiguration = 2;

    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Runs until it is told to stop.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="output">Where help goes.</param>
    /// <param name="error">Where errors go, one a line.</param>
    /// <param name="configureLogging">Adds to the logging; null for nothing.</param>
    /// <param name="started">Told of the application once it starts; null for nobody.</param>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> args, TextWriter output, TextWriter error, Action<ILoggingBuilder>? configureLogging = null, Func<WebApplication, Task>? started = null)
    {
        if (args.Any(arg => arg is "--help" or "-h" or "-?"))
        {
            await output.WriteLineAsync(SidecarArguments.Usage).ConfigureAwait(false);
            return Ok;
        }

        SidecarArguments arguments = SidecarArguments.Parse(args, out string? mistake);
        if (mistake is not null)
        {
            await error.WriteLineAsync($"pricing-sidecar: {mistake} Try: pricing-sidecar --help").ConfigureAwait(false);
            return WrongConfiguration;
        }

        if (arguments.Probe is { } url)
        {
            return await ProbeAsync(url).ConfigureAwait(false);
        }

        try
        {
            SidecarConfiguration configuration = SidecarConfiguration.Load(arguments);
            return await RunAsync(configuration, arguments.OnlyCheck, output, error, configureLogging, started).ConfigureAwait(false);
        }
        catch (Exception unreadable) when (unreadable is InvalidDataException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"pricing-sidecar: {unreadable.Message}").ConfigureAwait(false);
            return WrongConfiguration;
        }
        catch (SecurityFileException wrong)
        {
            await error.WriteLineAsync($"pricing-sidecar: {wrong.Message}").ConfigureAwait(false);
            return WrongConfiguration;
        }
        catch (IOException failed)
        {
            await error.WriteLineAsync($"pricing-sidecar: {failed.Message}").ConfigureAwait(false);
            return Failed;
        }
    }

    /// <summary>Asks another process how it is, for a container that has no other program to ask with.</summary>
    private static async Task<int> ProbeAsync(string url)
    {
        using var client = new HttpClient { Timeout = ProbeTimeout };
        try
        {
            using HttpResponseMessage answer = await client.GetAsync(new Uri(url)).ConfigureAwait(false);
            return answer.IsSuccessStatusCode ? Ok : Failed;
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException or OperationCanceledException or UriFormatException)
        {
            return Failed;
        }
    }

    private static async Task<int> RunAsync(
        SidecarConfiguration configuration, bool onlyChecks, TextWriter output, TextWriter error, Action<ILoggingBuilder>? configureLogging, Func<WebApplication, Task>? started)
    {
        if (configuration.Problems.Count == 0 && !onlyChecks)
        {
            EmbeddedDefaults.Prepare(configuration.Engine);
        }
        else
        {
            EmbeddedDefaults.ForgetMissing(configuration.Root);
        }

        WebApplication application = SidecarApplication.Build(configuration, configureLogging);
        await using (application.ConfigureAwait(false))
        {
            string[] problems = [.. configuration.Problems, .. FindEngineProblems(application)];
            foreach (string problem in problems)
            {
                await error.WriteLineAsync(problem).ConfigureAwait(false);
            }

            if (problems.Length > 0 || onlyChecks)
            {
                await (problems.Length == 0 ? output.WriteLineAsync("The configuration is right.") : error.WriteLineAsync($"pricing-sidecar: {problems.Length} error(s) in the configuration"))
                    .ConfigureAwait(false);
                return problems.Length == 0 ? Ok : WrongConfiguration;
            }

            foreach (string socket in configuration.Server.Listen.Concat(configuration.Server.Admin).Select(address => address.Path).OfType<string>())
            {
                StaleSocket.Remove(socket);
            }

            await application.StartAsync().ConfigureAwait(false);
            await (started?.Invoke(application) ?? Task.CompletedTask).ConfigureAwait(false);
            await application.WaitForShutdownAsync().ConfigureAwait(false);
            return application.Services.GetRequiredService<EngineLifetime>().Failure is null ? Ok : Failed;
        }
    }

    internal static IEnumerable<string> FindEngineProblems(WebApplication application)
    {
        try
        {
            _ = application.Services.GetRequiredService<IOptions<PricingOptions>>().Value;
            return [];
        }
        catch (OptionsValidationException refused)
        {
            return refused.Failures;
        }
    }
}
