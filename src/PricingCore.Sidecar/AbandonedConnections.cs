using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace PricingCore.Sidecar;

/// <summary>Gives up on a connection whose client has gone and whose serving does not end.</summary>
/// <remarks>
/// Kestrel's HTTP/2 may wait for ever for the end of streams of a client that has opened and reset many thousands at once (seen with 10.0.12 and nothing else in the process). Each
/// such connection would hold a place among the connections allowed, and the drain would wait for it as long as it may. What is given up is no connection any more: its socket is closed.
/// </remarks>
internal static class AbandonedConnections
{
    /// <summary>Watches over the connections of a listener; must come before what serves them.</summary>
    /// <param name="listen">The listener.</param>
    /// <param name="patience">How long serving may go on after the client has gone.</param>
    public static void Release(ListenOptions listen, TimeSpan patience) => listen.Use(next => async connection =>
    {
        var abandoned = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var late = new CancellationTokenSource();
        using CancellationTokenRegistration ending = late.Token.UnsafeRegister(_ => abandoned.TrySetResult(), null);
        using CancellationTokenRegistration closing = connection.ConnectionClosed.UnsafeRegister(_ => late.CancelAfter(patience), null);
        Task serving = next(connection);
        if (await Task.WhenAny(serving, abandoned.Task).ConfigureAwait(false) == serving)
        {
            await serving.ConfigureAwait(false);
        }
        else
        {
            connection.Abort();
        }
    });
}
