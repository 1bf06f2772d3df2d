using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using PricingCore.Tests;

namespace PricingCore.Sidecar.Tests;

/// <summary>
/// Goal: over the network nobody without a credential gets anything but health, unless the options say so, and what is for operators is never open.
/// Method: every combination of address, path, certificate and option against a table written from the rule; and real requests to an address that is not loopback's.
/// Control: with the order of the two checks in Admittance turned round, the table fails for operators' pages on other addresses.
/// </summary>
public sealed class AdmittanceTests : IDisposable
{
    private const string Compute = "/api/v1/pricing/compute";
    private readonly ScratchFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Admit_ForEveryCombination_IsTheRule()
    {
        using X509Certificate2 certificate = SomeCertificate();
        string[] paths = ["/healthz", "/readyz", "/metrics", "/metrics/", "/api/v1/admin/rules", "/API/V1/ADMIN/status", Compute, "/api/v1/events", "/openapi.json", "/"];
        foreach (string path in paths)
        {
            foreach (int bits in Enumerable.Range(0, 32))
            {
                bool isForOperators = (bits & 1) != 0;
                bool isLocal = (bits & 2) != 0;
                bool hasCertificate = (bits & 4) != 0;
                var options = new ServerOptions { AllowAnonymous = (bits & 8) != 0, AnonymousMetrics = (bits & 16) != 0 };
                bool isHealth = path is "/healthz" or "/readyz";
                bool isMetrics = path is "/metrics" or "/metrics/";
                bool isAdmin = path.StartsWith("/api/v1/admin", StringComparison.OrdinalIgnoreCase);
                int expected = (isMetrics || isAdmin) && !isForOperators ? 404
                    : isHealth || isLocal || hasCertificate ? 200
                    : isMetrics ? (options.AnonymousMetrics ? 200 : 401)
                    : isAdmin ? 401
                    : options.AllowAnonymous ? 200 : 401;

                Assert.True(
                    expected == await StatusOfAsync(new Admittance(options), path, new ListenerMark(isForOperators, isLocal), hasCertificate ? certificate : null),
                    $"{path}, {bits}: expected {expected}.");
            }
        }

        Assert.Equal(401, await StatusOfAsync(new Admittance(new ServerOptions()), Compute, null, null)); // Nothing known of the connection: nothing given.
    }

    [Theory]
    [InlineData(false, HttpStatusCode.Unauthorized)]
    [InlineData(true, HttpStatusCode.OK)]
    public async Task Network_IsAnsweredAsConfigured(bool allowAnonymous, HttpStatusCode expected)
    {
        File.WriteAllText(_folder.At("pricing.json"), $$$"""{"Server":{"AllowAnonymous":{{{(allowAnonymous ? "true" : "false")}}}}}""");
        await using RunningSidecar sidecar = await RunningSidecar.StartAsync(
            "--config", _folder.At("pricing.json"), "--data", _folder.At("data"), "--listen", "http://0.0.0.0:0", "--admin", "http://0.0.0.0:0");
        int[] ports = [.. sidecar.Urls.Select(url => new Uri(url.Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal)).Port)];
        using var client = new HttpClient();

        using var request = new StringContent("""{"region_id":"a","product_type":"standard"}""", System.Text.Encoding.UTF8, "application/json");
        Assert.Equal(expected, (await client.PostAsync($"http://127.0.0.1:{ports[0]}{Compute}", request, Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync($"http://127.0.0.1:{ports[0]}/readyz", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync($"http://127.0.0.1:{ports[1]}/api/v1/admin/rules", Cancellation)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync($"http://127.0.0.1:{ports[1]}/metrics", Cancellation)).StatusCode);
    }

    private static async Task<int> StatusOfAsync(Admittance admittance, string path, ListenerMark? mark, X509Certificate2? certificate)
    {
        var context = new DefaultHttpContext();
        context.Request.Path = path;
        context.Connection.ClientCertificate = certificate;
        context.Features.Set(mark);
        bool isIn = false;
        await admittance.AdmitAsync(context, _ =>
        {
            isIn = true;
            return Task.CompletedTask;
        });
        return isIn ? 200 : context.Response.StatusCode;
    }

    private static X509Certificate2 SomeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest("CN=client", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
