using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace PricingCore.Sidecar;

/// <summary>Keeps what is for operators to the addresses that are for them: elsewhere it is not there.</summary>
/// <remarks>By a mark on the connection that the listener makes, so by nothing that a client can write into a request.</remarks>
internal static class AdminListeners
{
    private static readonly PathString[] ForOperators = ["/metrics", "/api/v1/admin"];

    /// <summary>Marks every connection of a listener as one for operators.</summary>
    public static void Mark(ListenOptions listen) => listen.Use(next => connection =>
    {
        connection.Features.Set(OperatorConnection.Instance);
        return next(connection);
    });

    /// <summary>Answers 404 to a request for operators that came in elsewhere.</summary>
    public static Task KeepApartAsync(HttpContext context, RequestDelegate next)
    {
        if (!IsForOperators(context.Request.Path) || context.Features.Get<OperatorConnection>() is not null)
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private static bool IsForOperators(PathString path) => Array.Exists(ForOperators, prefix => path.StartsWithSegments(prefix));

    private sealed class OperatorConnection
    {
        public static OperatorConnection Instance { get; } = new();
    }
}
