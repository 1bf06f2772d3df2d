using PricingCore.Forecasts.Inference;
using PricingCore.Testing.Forecasts;

namespace PricingCore.Tests.Forecasts.Inference;

/// <summary>
/// Goal: a model stays as long as somebody uses it, goes when nobody does, and never changes under its version.
/// </summary>
public sealed class LoadedModelsTests : IDisposable
{
    private readonly LoadedModels _models = new(maxVersions: 16, maxLoaded: 3);

    public void Dispose() => _models.Dispose();

    [Fact]
    public void Trim_BeyondTheLimit_LetsGoOfTheLeastRecentlyUsed()
    {
        ScriptedForecaster[] forecasters = Load(0, 1, 2, 3);
        _models.TryAdd(0, forecasters[0], isOwned: true); // Used again: 1 is now the oldest.
        _models.Trim(3);

        Assert.Equal([false, true, false, false], forecasters.Select(f => f.IsDisposed));
        Assert.Null(_models.Find(1));
        Assert.Equal(3, _models.Count);
    }

    [Fact]
    public void Trim_NeverLetsGoOfWhatAPlanUses()
    {
        ScriptedForecaster[] forecasters = Load(0, 1, 2, 3, 4);
        _models.Trim(0, 1, 2);

        Assert.Equal([false, false, false, true, true], forecasters.Select(f => f.IsDisposed));
    }

    [Fact]
    public void Trim_WhileInUse_DisposesWithTheLastUse()
    {
        ScriptedForecaster[] forecasters = Load(0, 1, 2, 3);
        LoadedModel used = _models.Use(0)!;
        LoadedModel usedToo = _models.Use(0)!;
        _models.Trim(3);

        Assert.False(forecasters[0].IsDisposed);
        Assert.Null(_models.Use(0));
        used.EndUse();
        Assert.False(forecasters[0].IsDisposed);
        usedToo.EndUse();
        Assert.True(forecasters[0].IsDisposed);
        Assert.False(used.TryUse());
    }

    [Fact]
    public void TryAdd_OfAnotherObjectUnderALoadedVersion_IsRefused()
    {
        ScriptedForecaster first = Load(7)[0];
        Assert.True(_models.TryAdd(7, first, isOwned: true));
        Assert.False(_models.TryAdd(7, ScriptedForecaster.Constant("m7", 0.5f), isOwned: true));
        Assert.Same(first, _models.Find(7)!.Forecaster);
    }

    [Fact]
    public void Dispose_LeavesAloneWhatTheHostOwns()
    {
        ScriptedForecaster owned = ScriptedForecaster.Constant("a", 0.5f);
        ScriptedForecaster lent = ScriptedForecaster.Constant("b", 0.5f);
        _models.TryAdd(0, owned, isOwned: true);
        _models.TryAdd(1, lent, isOwned: false);
        _models.Dispose();

        Assert.True(owned.IsDisposed);
        Assert.False(lent.IsDisposed);
    }

    private ScriptedForecaster[] Load(params int[] numbers) => [.. numbers.Select(number =>
    {
        ScriptedForecaster forecaster = ScriptedForecaster.Constant($"m{number}", 0.5f);
        Assert.True(_models.TryAdd(number, forecaster, isOwned: true));
        return forecaster;
    })];
}
