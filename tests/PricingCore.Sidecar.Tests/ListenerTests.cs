using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using PricingCore.Client;
using PricingCore.Events;
using PricingCore.Quotes;
using PricingCore.Tests;

namespace PricingCore.Sidecar.Tests;

/// <summary>
/// Goal: HTTP/1.1, HTTP/2, TLS, mutual TLS and Unix sockets, for HTTP and for the binary protocol, work as configured, and who has no certificate of the right authority is not let in.
/// Method: certificates made here, the client of .NET on real sockets.
/// Control: with the validation of client certificates left out, the stranger's request succeeds.
/// </summary>
public sealed class ListenerTests : IDisposable
{
    private const string Https = "https://127.0.0.1:0";

    private readonly ScratchFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Http2_InClear_IsSpokenWithPriorKnowledge()
    {
        await using RunningSidecar sidecar = await StartAsync("--listen", "h2c://127.0.0.1:0", "--admin", "http://127.0.0.1:0");
        using var client = new HttpClient();

        HttpResponseMessage answer = await client.SendAsync(Request(sidecar.Urls[0], HttpVersion.Version20), Cancellation);

        Assert.Equal((HttpStatusCode.OK, HttpVersion.Version20), (answer.StatusCode, answer.Version));
    }

    [Fact]
    public async Task UnixSocket_IsServed_AndOneLeftBehindIsReplaced()
    {
        string socket = _folder.At("pricing.sock");
        File.WriteAllText(socket, "left by a process that was killed");
        await using RunningSidecar sidecar = await StartAsync("--listen", $"unix:{socket}", "--admin", "http://127.0.0.1:0");
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellationToken);
                return new NetworkStream(connection, ownsSocket: true);
            },
        };
        using var client = new HttpClient(handler);

        Assert.Contains("healthy", await client.GetStringAsync("http://localhost/healthz", Cancellation), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("http://localhost/metrics", Cancellation)).StatusCode);

        // A second process must not take it away.
        int code = await SidecarProcess.RunAsync(["--data", _folder.At("other"), "--listen", $"unix:{socket}", "--admin", "http://127.0.0.1:0"], TextWriter.Null, TextWriter.Null);
        Assert.Equal(SidecarProcess.Failed, code);
        Assert.Contains("healthy", await client.GetStringAsync("http://localhost/healthz", Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task BinaryProtocol_IsServedOverTcpAndUnixSocket()
    {
        string socket = _folder.At("binary.sock");
        await using RunningSidecar sidecar = await StartAsync("--listen", "binary://127.0.0.1:0", "--listen", $"binary+unix:{socket}", "--admin", "http://127.0.0.1:0");
        foreach (EndPoint endPoint in new EndPoint[] { new IPEndPoint(IPAddress.Loopback, new Uri(sidecar.Urls[0]).Port), new UnixDomainSocketEndPoint(socket) })
        {
            await using var client = new PricingClient(new PricingClientOptions { EndPoint = endPoint });

            Assert.Equal(Rejection.None, await client.PublishAsync(MarketEvent.Booking("a", DateTimeOffset.UtcNow), Cancellation));
            Assert.True((await client.QuoteAsync(new QuoteRequest("a", "standard"), Cancellation)).Price.MinorUnits >= 1_200);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Tls_SpeaksBothVersions(bool isPkcs12)
    {
        using X509Certificate2 authority = MakeAuthority("authority");
        using X509Certificate2 server = Issue(authority, "localhost");
        string[] configuration = isPkcs12 ? ["PRICINGCORE__SERVER__CERTIFICATE", WritePkcs12(server)] : ["PRICINGCORE__SERVER__CERTIFICATE", WritePem(server, "server.pem")];
        await using RunningSidecar sidecar = await StartTlsAsync(Https, configuration);
        using HttpClient client = Client(authority);

        foreach (Version version in new[] { HttpVersion.Version11, HttpVersion.Version20 })
        {
            HttpResponseMessage answer = await client.SendAsync(Request(sidecar.Urls[0], version), Cancellation);
            Assert.Equal((HttpStatusCode.OK, version), (answer.StatusCode, answer.Version));
        }
    }

    [Fact]
    public async Task MutualTls_LetsInWhoHasACertificateOfTheAuthority_AndNobodyElse()
    {
        using X509Certificate2 authority = MakeAuthority("authority");
        using X509Certificate2 stranger = MakeAuthority("authority"); // The same name, another key.
        using X509Certificate2 server = Issue(authority, "localhost");
        File.WriteAllText(_folder.At("authorities.pem"), authority.ExportCertificatePem());
        await using RunningSidecar sidecar = await StartTlsAsync(
            Https,
            "PRICINGCORE__SERVER__CERTIFICATE", WritePem(server, "server.pem"),
            "PRICINGCORE__SERVER__CLIENTCERTIFICATES", "RequireCertificate",
            "PRICINGCORE__SERVER__CLIENTAUTHORITIES", _folder.At("authorities.pem"));

        using HttpClient known = Client(authority, Issue(authority, "client"));
        Assert.Equal(HttpStatusCode.OK, (await known.SendAsync(Request(sidecar.Urls[0], HttpVersion.Version11), Cancellation)).StatusCode);
        foreach (X509Certificate2? certificate in new[] { null, Issue(stranger, "client"), Issue(authority, "client", isExpired: true) })
        {
            using HttpClient client = Client(authority, certificate);
            await Assert.ThrowsAsync<HttpRequestException>(() => client.SendAsync(Request(sidecar.Urls[0], HttpVersion.Version11), Cancellation));
        }
    }

    [Fact]
    public async Task BinaryProtocol_OverTls_IsForWhoShowsACertificateOfTheAuthority()
    {
        using X509Certificate2 authority = MakeAuthority("authority");
        using X509Certificate2 stranger = MakeAuthority("authority");
        using X509Certificate2 server = Issue(authority, "localhost");
        File.WriteAllText(_folder.At("authorities.pem"), authority.ExportCertificatePem());
        await using RunningSidecar sidecar = await StartTlsAsync(
            "binary+tls://127.0.0.1:0",
            "PRICINGCORE__SERVER__CERTIFICATE", WritePem(server, "server.pem"),
            "PRICINGCORE__SERVER__CLIENTCERTIFICATES", "RequireCertificate",
            "PRICINGCORE__SERVER__CLIENTAUTHORITIES", _folder.At("authorities.pem"));
        var endPoint = new IPEndPoint(IPAddress.Loopback, new Uri(sidecar.Urls[0]).Port);

        await using var known = new PricingClient(new PricingClientOptions { EndPoint = endPoint, Tls = Trusting(authority, Issue(authority, "client")) });
        Assert.True((await known.QuoteAsync(new QuoteRequest("a", "standard"), Cancellation)).Price.MinorUnits >= 1_200);
        QuoteRequest[] many = [.. Enumerable.Range(0, 1_000).Select(number => new QuoteRequest($"region-{number}", "standard"))]; // Many records of TLS.
        var quotes = new RemoteQuote[many.Length];
        await known.QuoteAsync(many, quotes, Cancellation);
        Assert.All(quotes, quote => Assert.True(quote.Price.MinorUnits >= 1_200));
        foreach (SslClientAuthenticationOptions? tls in new[] { null, Trusting(authority), Trusting(authority, Issue(stranger, "client")), Trusting(stranger, Issue(authority, "client")) })
        {
            await using var client = new PricingClient(new PricingClientOptions { EndPoint = endPoint, Tls = tls, ConnectTimeout = TimeSpan.FromSeconds(2), CallTimeout = TimeSpan.FromSeconds(2) });
            Assert.NotNull(await Record.ExceptionAsync(() => client.ConnectAsync(Cancellation)));
        }
    }

    private static HttpRequestMessage Request(string url, Version version) =>
        new(HttpMethod.Get, new Uri(new Uri(url), "/healthz")) { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };

    private Task<RunningSidecar> StartAsync(params string[] args) => RunningSidecar.StartAsync(["--data", _folder.At("data"), .. args]);

    private async Task<RunningSidecar> StartTlsAsync(string listen, params string[] keysAndValues)
    {
        string json = "{" + string.Join(',', keysAndValues.Chunk(2).Select(pair => $"\"{pair[0]["PRICINGCORE__SERVER__".Length..]}\":{System.Text.Json.JsonSerializer.Serialize(pair[1])}")) + "}";
        File.WriteAllText(_folder.At("pricing.json"), $$"""{"Server":{{json}}}""");
        return await StartAsync("--config", _folder.At("pricing.json"), "--listen", listen, "--admin", "http://127.0.0.1:0");
    }

    private static HttpClient Client(X509Certificate2 authority, X509Certificate2? certificate = null)
    {
        return new HttpClient(new SocketsHttpHandler { SslOptions = Trusting(authority, certificate) });
    }

    private static SslClientAuthenticationOptions Trusting(X509Certificate2 authority, X509Certificate2? certificate = null)
    {
        var tls = new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            RemoteCertificateValidationCallback = (_, shown, _, _) =>
            {
                using var chain = new X509Chain();
                chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
                chain.ChainPolicy.CustomTrustStore.Add(authority);
                chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
                return chain.Build((X509Certificate2)shown!);
            },
        };
        if (certificate is not null)
        {
            tls.ClientCertificates = [certificate];
            tls.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate;
        }

        return tls;
    }

    private static X509Certificate2 MakeAuthority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-30), DateTimeOffset.UtcNow.AddDays(1));
    }

    private static X509Certificate2 Issue(X509Certificate2 authority, string name, bool isExpired = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        using X509Certificate2 bare = request.Create(authority, DateTimeOffset.UtcNow.AddDays(-20), DateTimeOffset.UtcNow.AddHours(isExpired ? -1 : 1), RandomNumberGenerator.GetBytes(8));
        return bare.CopyWithPrivateKey(key);
    }

    private string WritePem(X509Certificate2 certificate, string name)
    {
        using ECDsa key = certificate.GetECDsaPrivateKey()!;
        File.WriteAllText(_folder.At(name), certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n");
        return _folder.At(name);
    }

    private string WritePkcs12(X509Certificate2 certificate)
    {
        File.WriteAllBytes(_folder.At("server.pfx"), certificate.Export(X509ContentType.Pkcs12));
        return _folder.At("server.pfx");
    }
}
