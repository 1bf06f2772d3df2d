using System.Net.Sockets;

namespace PricingCore.Sidecar;

/// <summary>The file of a Unix socket that a killed process has left: nobody answers there, and nobody else can listen there while it is.</summary>
internal static class StaleSocket
{
    /// <summary>Removes it; one that is answered stays, so that listening fails and says that the address is taken.</summary>
    public static void Remove(string path)
    {
        if (File.Exists(path) && !IsAnswered(path))
        {
            File.Delete(path);
        }
    }

    private static bool IsAnswered(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
