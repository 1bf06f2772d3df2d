namespace PricingCore.Training.Tests;

/// <summary>A folder for one test, removed with it.</summary>
internal sealed class ScratchFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("pricing-training-").FullName;

    public string Of(string name) => Path.Combine(_path, name);

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
