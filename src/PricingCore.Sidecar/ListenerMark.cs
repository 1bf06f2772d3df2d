using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace PricingCore.Sidecar;

/// <summary>Says of each connection which address it came in on, by nothing that a client can write into a request.</summary>
/// <param name="IsForOperators">Whether the address is one of operators.</param>
/// <param name="IsLocal">Whether only this machine can connect to it.</param>
internal sealed record ListenerMark(bool IsForOperators, bool IsLocal)
{
    /// <summary>Marks every connection of a listener.</summary>
    public static void Put(ListenOptions listen, bool isForOperators, bool isLocal)
    {
        var mark = new ListenerMark(isForOperators, isLocal);
        listen.Use(next => connection =>
        {
            connection.Features.Set(mark);
            return next(connection);
        });
    }
}
