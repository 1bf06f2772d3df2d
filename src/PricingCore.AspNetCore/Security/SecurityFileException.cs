namespace PricingCore.AspNetCore.Security;

/// <summary>A file of keys is wrong; <see cref="Errors"/> says how, without a key in it.</summary>
public sealed class SecurityFileException : Exception
{
    /// <summary>Lists what is wrong.</summary>
    /// <param name="errors">All errors.</param>
    public SecurityFileException(IReadOnlyList<string> errors)
        : base(string.Join('\n', errors ?? [])) => Errors = errors ?? [];

    /// <summary>All errors.</summary>
    public IReadOnlyList<string> Errors { get; }
}
