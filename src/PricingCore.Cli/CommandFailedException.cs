namespace PricingCore.Cli;

/// <summary>A command cannot go on; its message is one line that says what to do.</summary>
internal sealed class CommandFailedException : Exception
{
    public CommandFailedException(string message)
        : base(message)
    {
    }

    /// <summary>What the process exits with: <see cref="PricingCore.Cli.ExitCode.Failed"/> unless the command line itself was wrong.</summary>
    public int ExitCode { get; init; } = Cli.ExitCode.Failed;

    /// <summary>More lines, one an error; empty when the message says all.</summary>
    public IReadOnlyList<string> Errors { get; init; } = [];
}
