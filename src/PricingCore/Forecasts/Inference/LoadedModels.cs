using PricingCore.Forecasts.Models;

namespace PricingCore.Forecasts.Inference;

/// <summary>The models in memory, by the number of their version; the least recently used beyond a limit are let go.</summary>
/// <threadsafety>Any thread. Finding a model takes no lock.</threadsafety>
internal sealed class LoadedModels(int maxVersions, int maxLoaded) : IDisposable
{
    private readonly LoadedModel?[] _models = new LoadedModel?[maxVersions];
    private readonly List<LoadedModel> _recent = []; // The latest last.
    private readonly Lock _changing = new();

    /// <summary>How many are in memory.</summary>
    public int Count
    {
        get
        {
            lock (_changing)
            {
                return _recent.Count;
            }
        }
    }

    /// <summary>The model with a number; null when it is not loaded. Use it only after <see cref="LoadedModel.TryUse"/>.</summary>
    public LoadedModel? Find(int number) => number < 0 ? null : Volatile.Read(ref _models[number]);

    /// <summary>Begins a use of a model; null when it is not loaded.</summary>
    public LoadedModel? Use(int number)
    {
        // A second look: between finding it and using it, the same version may have been let go and loaded again.
        for (int attempt = 0; attempt < 2; attempt++)
        {
            if (Find(number) is { } model && model.TryUse())
            {
                return model;
            }
        }

        return null;
    }

    /// <summary>Takes in a forecaster under a number; the one already there stays when it is the same.</summary>
    /// <returns><see langword="false"/> when another forecaster has this number: versions do not change.</returns>
    public bool TryAdd(int number, IForecaster forecaster, bool isOwned)
    {
        lock (_changing)
        {
            if (_models[number] is { } present)
            {
                _recent.Remove(present);
                _recent.Add(present);
                return ReferenceEquals(present.Forecaster, forecaster);
            }

            var model = new LoadedModel(number, forecaster, isOwned);
            Volatile.Write(ref _models[number], model);
            _recent.Add(model);
            return true;
        }
    }

    /// <summary>Where the packages of the models in memory are, by number.</summary>
    public IReadOnlyDictionary<int, string> Packages
    {
        get
        {
            lock (_changing)
            {
                return _recent.Where(model => model.Forecaster is OnnxForecaster).ToDictionary(model => model.Number, model => ((OnnxForecaster)model.Forecaster).PackagePath);
            }
        }
    }

    /// <summary>Lets go of the least recently used models beyond the limit, but not of those in use by a plan.</summary>
    public void Trim(params ReadOnlySpan<int> inUse)
    {
        lock (_changing)
        {
            for (int i = 0; i < _recent.Count && _recent.Count > maxLoaded;)
            {
                if (inUse.Contains(_recent[i].Number))
                {
                    i++;
                }
                else
                {
                    Remove(i);
                }
            }
        }
    }

    /// <summary>Lets go of all.</summary>
    public void Dispose()
    {
        lock (_changing)
        {
            while (_recent.Count > 0)
            {
                Remove(_recent.Count - 1);
            }
        }
    }

    private void Remove(int index)
    {
        LoadedModel model = _recent[index];
        _recent.RemoveAt(index);
        Volatile.Write(ref _models[model.Number], null);
        model.EndUse();
    }
}
