using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using PricingCore.Protocol;

namespace PricingCore.Client;

/// <summary>Makes a connection: socket, TLS, hello, welcome.</summary>
internal static class ClientHandshake
{
    private const int BufferBytes = 65_536;

    /// <summary>Connects once.</summary>
    /// <exception cref="PricingConnectionException">There is no connection to be had.</exception>
    /// <exception cref="PricingProtocolException">The server refuses.</exception>
    public static async Task<ClientConnection> ConnectAsync(PricingClientOptions options, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.ConnectTimeout, options.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        EndPoint endPoint = options.EndPoint!;
        Socket socket = endPoint is UnixDomainSocketEndPoint
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream? stream = null;
        try
        {
            await socket.ConnectAsync(endPoint, either.Token).ConfigureAwait(false);
            stream = new NetworkStream(socket, ownsSocket: true);
            if (options.Tls is { } tls)
            {
                var secure = new SslStream(stream, leaveInnerStreamOpen: false);
                stream = secure;
                await secure.AuthenticateAsClientAsync(tls, either.Token).ConfigureAwait(false);
            }

            return await GreetAsync(stream, options, either.Token).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            if (stream is not null)
            {
                await stream.DisposeAsync().ConfigureAwait(false);
            }

            socket.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            if (failure is PricingProtocolException or PricingConnectionException)
            {
                throw;
            }

            throw new PricingConnectionException($"Cannot connect to {endPoint}: {(limit.IsCancellationRequested ? "it took too long" : failure.Message)}.", failure);
        }
    }

    private static async Task<ClientConnection> GreetAsync(Stream stream, PricingClientOptions options, CancellationToken cancellationToken)
    {
        var hello = new HelloBody(
            ProtocolConstants.Version, ProtocolConstants.Version, ProtocolFeatures.Subscriptions, options.ClientName, options.Credential);
        byte[] frame = new byte[FrameHeader.Size + hello.MaxBytes];
        int length = hello.Write(frame.AsSpan(FrameHeader.Size));
        new FrameHeader(FrameKind.Hello, 0, 1, length).Write(frame);
        await stream.WriteAsync(frame.AsMemory(0, FrameHeader.Size + length), cancellationToken).ConfigureAwait(false);

        PipeReader incoming = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: BufferBytes, leaveOpen: true));
        while (true)
        {
            ReadResult result = await incoming.ReadAsync(cancellationToken).ConfigureAwait(false);
            ReadOnlySequence<byte> buffer = result.Buffer;
            FrameStatus status = FrameHeader.TryTake(ref buffer, ProtocolConstants.MaxHelloBytes, out FrameHeader header, out ReadOnlySequence<byte> body);
            if (status == FrameStatus.Incomplete && !result.IsCompleted)
            {
                incoming.AdvanceTo(buffer.Start, buffer.End);
                continue;
            }

            byte[] content = body.ToArray();
            incoming.AdvanceTo(buffer.Start);
            if (status == FrameStatus.Complete && header.Kind == FrameKind.Welcome && WelcomeBody.TryRead(content, out WelcomeBody limits))
            {
                var connection = new ClientConnection(stream, incoming, limits, options);
                connection.Start();
                return connection;
            }

            throw status == FrameStatus.Complete && header.Kind == FrameKind.Error && ErrorBody.TryRead(content, out ErrorBody error)
                ? new PricingProtocolException(error)
                : new PricingConnectionException("The server does not answer with this protocol.");
        }
    }
}
