namespace PricingCore.Forecasts.Models;

/// <summary>One reason why a model package is not used.</summary>
/// <param name="File">The file of the package that is wrong, for example <c>golden.bin</c>; empty for the package as a whole.</param>
/// <param name="Problem">What is wrong, with the value and what it should be.</param>
/// <param name="Remedy">What to do about it.</param>
/// <threadsafety>Immutable.</threadsafety>
public sealed record ModelRefusal(string File, string Problem, string Remedy)
{
    /// <summary>The reason as one line.</summary>
    public override string ToString() => File.Length == 0 ? $"{Problem} {Remedy}" : $"{File}: {Problem} {Remedy}";
}
