using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace PricingCore.AspNetCore;

/// <summary>Where the endpoints have their engine from. It may start after they are mapped.</summary>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class EngineSource(string? name)
{
    private volatile PricingEngine? _engine;

    /// <summary>The engine; null while it has not started. Asks for the request's services only until there is one: a scope of them costs as much as a price.</summary>
    public PricingEngine? Find(HttpContext context) => _engine ?? Resolve(context.RequestServices);

    private PricingEngine? Resolve(IServiceProvider services)
    {
        try
        {
            return _engine = name is null ? services.GetService<PricingEngine>() : services.GetKeyedService<PricingEngine>(name);
        }
        catch (InvalidOperationException)
        {
            return null; // Its hosted service has not started it yet.
        }
    }
}
