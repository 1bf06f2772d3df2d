namespace PricingCore.Cli;

/// <summary>What the process exits with.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>The work failed, or was done in part.</summary>
    public const int Failed = 1;

    /// <summary>The command line, or a file that describes the work, is wrong; nothing was done.</summary>
    public const int WrongUsage = 2;
}
