namespace PricingCore.Forecasts.Models;

/// <summary>A model package that was refused, with every reason; whatever model was running goes on.</summary>
/// <threadsafety>Immutable.</threadsafety>
public sealed class ModelRefusedException : Exception
{
    /// <summary>Makes an exception without a reason.</summary>
    public ModelRefusedException()
        : this("", [])
    {
    }

    /// <summary>Makes an exception with one reason that belongs to no file.</summary>
    /// <param name="message">What is wrong.</param>
    public ModelRefusedException(string message)
        : this("", [new ModelRefusal("", message, "")])
    {
    }

    /// <summary>Makes an exception with one reason that belongs to no file.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">What it follows from.</param>
    public ModelRefusedException(string message, Exception innerException)
        : base(message, innerException) => Refusals = [new ModelRefusal("", message, "")];

    /// <summary>Makes an exception that lists reasons.</summary>
    /// <param name="package">The path of the package.</param>
    /// <param name="refusals">Every reason, in the order in which the package is checked.</param>
    public ModelRefusedException(string package, IReadOnlyList<ModelRefusal> refusals)
        : base(Describe(package, refusals))
    {
        Package = package;
        Refusals = refusals;
    }

    /// <summary>The path of the package; empty when it is not known.</summary>
    public string Package { get; } = "";

    /// <summary>Every reason, in the order in which the package is checked.</summary>
    public IReadOnlyList<ModelRefusal> Refusals { get; }

    private static string Describe(string package, IReadOnlyList<ModelRefusal> refusals)
    {
        ArgumentNullException.ThrowIfNull(refusals);
        return string.Join('\n', refusals.Select(refusal => refusal.ToString())
            .Prepend($"The model package '{package}' was refused; a running model stays as it is."));
    }
}
