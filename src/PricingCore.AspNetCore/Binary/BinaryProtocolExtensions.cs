using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace PricingCore.AspNetCore.Binary;

/// <summary>Adds the binary protocol to Kestrel.</summary>
public static class BinaryProtocolExtensions
{
    /// <summary>Serves the binary protocol on an endpoint: <c>kestrel.ListenLocalhost(7070, listen =&gt; listen.UsePricingProtocol())</c>.</summary>
    /// <remarks>The engine, an <see cref="IBinaryAuthenticator"/> and a <see cref="TimeProvider"/> are taken from the host's services; only the engine must be there.</remarks>
    /// <param name="listen">The endpoint: TCP, TCP with TLS, or a Unix socket.</param>
    /// <param name="configure">Sets limits.</param>
    /// <exception cref="ArgumentException">An option is outside its range; the message lists every error.</exception>
    public static ListenOptions UsePricingProtocol(this ListenOptions listen, Action<BinaryProtocolOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(listen);
        var options = new BinaryProtocolOptions();
        configure?.Invoke(options);
        IServiceProvider services = listen.ApplicationServices;
        var handler = new BinaryConnectionHandler(
            () => options.EngineName is { } name ? services.GetRequiredKeyedService<PricingEngine>(name) : services.GetRequiredService<PricingEngine>(),
            options,
            services.GetService<IBinaryAuthenticator>(),
            services.GetService<TimeProvider>() ?? TimeProvider.System,
            services.GetRequiredService<ILoggerFactory>().CreateLogger("PricingCore.Binary"));
        listen.Run(handler.OnConnectedAsync);
        return listen;
    }
}
