namespace PricingCore.AspNetCore.Streaming;

/// <summary>What a stream is about: regions by name with one product, or everything.</summary>
/// <threadsafety>Immutable.</threadsafety>
internal sealed class PriceFilter
{
    private readonly string[] _regions;
    private readonly HashSet<string> _names;
    private readonly string _product;

    /// <param name="regions">The regions.</param>
    /// <param name="product">The product.</param>
    public PriceFilter(string[] regions, string product)
    {
        _regions = regions;
        _names = [.. regions];
        _product = product;
    }

    /// <summary>Every region and product that anybody asks a price of.</summary>
    public static PriceFilter Everything { get; } = new([], "");

    /// <summary>Whether a change is to be sent.</summary>
    public bool Takes(PriceChange change) => _regions.Length == 0 || (change.ProductType == _product && _names.Contains(change.RegionId));

    /// <summary>Sees to it that the regions by name have decisions, since one is made only when somebody asks.</summary>
    public void KeepDecided(PricingEngine engine)
    {
        foreach (string region in _regions)
        {
            engine.KeepDecided(region, _product);
        }
    }
}
