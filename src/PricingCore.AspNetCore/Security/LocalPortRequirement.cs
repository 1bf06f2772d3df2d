using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;

namespace PricingCore.AspNetCore.Security;

/// <summary>Met on one port only, so that administration can be kept off the network that prices are asked from.</summary>
internal sealed class LocalPortRequirement(int port) : AuthorizationHandler<LocalPortRequirement>, IAuthorizationRequirement
{
    /// <inheritdoc/>
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, LocalPortRequirement requirement)
    {
        if (context.Resource is HttpContext http && http.Connection.LocalPort == port)
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }
}
