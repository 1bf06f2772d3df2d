using System.Net;
using System.Text.Json;
using PricingCore.AspNetCore.Security;
using PricingCore.Client;
using PricingCore.Client.Tests;
using PricingCore.Protocol;
using PricingCore.Quotes;

namespace PricingCore.Security.Tests;

/// <summary>
/// Goal: over real sockets, without a credential nothing but health is answered, each scope opens its endpoints and no other, limits hold and say so, and what
/// is secret is in no log.
/// Method: a host with security on; loopback counts as a stranger where a test says so.
/// </summary>
public sealed class HostSecurityTests : IDisposable
{
    private readonly Tokens _tokens = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("pricing-security").FullName;

    [Fact]
    public async Task Stranger_GetsHealthAndNothingElse()
    {
        await using SecuredHost host = await SecuredHost.StartAsync(Strangers);
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync("/healthz")).StatusCode);
        string[] paths = ["/api/v1/forecast/demand?region_id=a&horizon=15", "/api/v1/pricing/explain?request_id=x", "/api/v1/prices/stream", "/api/v1/admin/rules", "/api/v1/admin/status", "/api/v1/admin/quality", "/api/v1/admin/models"];
        foreach (string path in paths)
        {
            using HttpResponseMessage refused = await host.GetAsync(path);
            Assert.Equal((path, HttpStatusCode.Unauthorized), (path, refused.StatusCode));
            Assert.StartsWith("Bearer", refused.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
            using JsonDocument problem = JsonDocument.Parse(await refused.Content.ReadAsStringAsync());
            Assert.Equal("urn:pricingcore:problem:unauthenticated", problem.RootElement.GetProperty("type").GetString());
        }

        using HttpResponseMessage quote = await host.QuoteAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, quote.StatusCode);
        using HttpResponseMessage events = await host.Client.PostAsync("/api/v1/events", new StringContent("{}"));
        Assert.Equal(HttpStatusCode.Unauthorized, events.StatusCode);
        await using PricingClient client = Connect(host);
        Assert.Equal(ProtocolErrorCode.Unauthenticated, (await Assert.ThrowsAsync<PricingProtocolException>(() => client.ConnectAsync())).Code);
    }

    [Fact]
    public async Task Scopes_OpenTheirEndpointsAndNoOther()
    {
        string quoteKey = Key(PricingScopes.Quote, out string quote);
        string adminKey = Key(PricingScopes.Admin, out string admin);
        await using SecuredHost host = await SecuredHost.StartAsync(options =>
        {
            Strangers(options);
            options.ApiKeyFile = Write("keys.json", quote, admin);
            Jwt(options);
        });

        Assert.Equal(HttpStatusCode.OK, (await host.QuoteAsync(("Authorization", "Bearer " + quoteKey))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.QuoteAsync(("X-Api-Key", quoteKey))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await host.QuoteAsync(("X-Api-Key", adminKey))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await host.GetAsync("/api/v1/admin/status", ("X-Api-Key", quoteKey))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync("/api/v1/admin/status", ("X-Api-Key", adminKey))).StatusCode);

        Assert.Equal(HttpStatusCode.OK, (await host.QuoteAsync(("Authorization", "bearer " + Token()))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await host.GetAsync("/api/v1/admin/status", ("Authorization", "Bearer " + Token()))).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.QuoteAsync(("Authorization", "Bearer " + Token()[..^4] + "AAAA"))).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.QuoteAsync(("Authorization", "Basic " + quoteKey))).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.QuoteAsync(("Authorization", "Bearer " + quoteKey), ("X-Api-Key", quoteKey))).StatusCode);

        await using PricingClient client = Connect(host, quoteKey);
        Assert.Equal(QuoteRefusal.None, (await client.QuoteAsync(new QuoteRequest("midtown"))).Refusal);
        PricingProtocolException forbidden = await Assert.ThrowsAsync<PricingProtocolException>(
            async () => await client.PublishAsync(Events.MarketEvent.Search("midtown", TimeProvider.System.GetUtcNow())));
        Assert.Equal(ProtocolErrorCode.Forbidden, forbidden.Code);
    }

    [Fact]
    public async Task Loopback_NeedsNoCredentialButSeesThroughProxiesAndPages()
    {
        await using SecuredHost host = await SecuredHost.StartAsync(_ => { });
        Assert.Equal(HttpStatusCode.OK, (await host.QuoteAsync()).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync("/api/v1/admin/status", ("Origin", "http://localhost:3000"))).StatusCode);
        (string, string)[] guises =
        [
            ("X-Forwarded-For", "192.0.2.1"), ("Forwarded", "for=192.0.2.1"), ("X-Real-IP", "192.0.2.1"), ("Host", "evil.example"), ("Origin", "https://evil.example"),
            ("Origin", "null"), ("Host", "localhost.evil.example"), ("Authorization", "Bearer wrong"),
        ];
        foreach ((string, string) guise in guises)
        {
            Assert.Equal((guise, HttpStatusCode.Unauthorized), (guise, (await host.QuoteAsync(guise)).StatusCode));
        }
    }

    [Fact]
    public async Task AdminPort_IsTheOnlyOneForAdministration()
    {
        int port = 0;
        await using SecuredHost probe = await SecuredHost.StartAsync(options => options.AdminPort = 1);
        Assert.Equal(HttpStatusCode.Forbidden, (await probe.GetAsync("/api/v1/admin/status")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await probe.QuoteAsync()).StatusCode);
        PricingSecurityOptions? kept = null;
        await using SecuredHost host = await SecuredHost.StartAsync(options => kept = options);
        port = host.Other.BaseAddress!.Port;
        Assert.True(port > 0 && kept is not null);
        Assert.Equal(HttpStatusCode.OK, (await host.Other.GetAsync(new Uri("/api/v1/admin/status", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task Limits_AreSaidAndHeld()
    {
        string key = Key(PricingScopes.Quote, out string entry);
        string own = Key(PricingScopes.Quote, out string ownEntry, 3);
        await using SecuredHost host = await SecuredHost.StartAsync(
            options =>
            {
                Strangers(options);
                options.ApiKeyFile = Write("keys.json", entry, ownEntry);
                options.UserRequestsPerMinute = 2;
                options.AddressRequestsPerMinute = 6;
            },
            new ManualTime());
        using HttpResponseMessage first = await host.QuoteAsync(("X-Api-Key", key));
        Assert.Equal("\"user\";q=2;w=60", first.Headers.GetValues("RateLimit-Policy").Single());
        Assert.Equal("\"user\";r=1;t=30", first.Headers.GetValues("RateLimit").Single());
        await host.QuoteAsync(("X-Api-Key", key));
        using HttpResponseMessage refused = await host.QuoteAsync(("X-Api-Key", key));
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("30", refused.Headers.GetValues("Retry-After").Single());
        Assert.Contains("urn:pricingcore:problem:rate-limited", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        HttpStatusCode[] guesses = await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ => (await host.QuoteAsync(("X-Api-Key", "guess"))).StatusCode));
        Assert.Equal(4, guesses.Count(status => status == HttpStatusCode.Unauthorized)); // Guessing counts against the address: 6 less the 2 that were answered.
        Assert.Equal(6, guesses.Count(status => status == HttpStatusCode.TooManyRequests));
        HttpStatusCode[] others = await Task.WhenAll(Enumerable.Range(0, 5).Select(async _ => (await host.QuoteAsync(("X-Api-Key", own))).StatusCode));
        Assert.Equal(3, others.Count(status => status == HttpStatusCode.OK)); // A key with its own limit has that alone.
        Assert.Equal(HttpStatusCode.OK, (await host.GetAsync("/healthz")).StatusCode);
    }

    [Fact]
    public async Task Answers_TellBrowsersToKeepOut()
    {
        await using SecuredHost host = await SecuredHost.StartAsync(_ => { });
        using HttpResponseMessage answer = await host.QuoteAsync();
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Contains("frame-ancestors 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
        Assert.True(answer.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task Secrets_AreInNoLog()
    {
        string key = Key(PricingScopes.Quote, out string entry);
        await using SecuredHost host = await SecuredHost.StartAsync(options =>
        {
            Strangers(options);
            options.ApiKeyFile = Write("keys.json", entry);
            Jwt(options);
        });
        string wrongKey = key[..^2] + "zz";
        string wrongToken = Token()[..^4] + "AAAA";
        await host.QuoteAsync(("X-Api-Key", key), ("X-Request-Id", "r-1"));
        await host.QuoteAsync(("X-Api-Key", wrongKey));
        await host.QuoteAsync(("Authorization", "Bearer " + Token()));
        await host.QuoteAsync(("Authorization", "Bearer " + wrongToken));
        await using PricingClient good = Connect(host, key);
        await good.QuoteAsync(new QuoteRequest("midtown") { UserId = "very-private-user" });
        await using PricingClient bad = Connect(host, wrongKey);
        await Assert.ThrowsAsync<PricingProtocolException>(() => bad.ConnectAsync());

        string log = host.Log;
        Assert.Contains("An API key was refused", log, StringComparison.Ordinal); // The log is there at all.
        Assert.Contains("A token was refused: Signature", log, StringComparison.Ordinal);
        string[] secrets = [key[^43..], wrongKey[^43..], key.Split('_')[1], Token(), wrongToken, Token().Split('.')[1], "very-private-user", "private-subject"];
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, log, StringComparison.Ordinal));
    }

    [Fact]
    public void WrongOptions_AreAllNamed()
    {
        var options = new PricingSecurityOptions { AnonymousScopes = PricingScopes.Admin, AdminPort = -1, UserRequestsPerMinute = -1, MaxCountedCallers = 1, FilePollInterval = TimeSpan.Zero };
        options.Jwt.KeySetFile = "x";
        options.Jwt.Algorithms = ["none"];
        string all = string.Join('\n', options.Validate());
        Assert.All(
            new[] { "AnonymousScopes", "AdminPort", "UserRequestsPerMinute", "MaxCountedCallers", "FilePollInterval", "Jwt.Algorithms", "Jwt.Issuer" },
            name => Assert.Contains(name, all, StringComparison.Ordinal));
        Assert.Empty(new PricingSecurityOptions().Validate());
    }

    public void Dispose()
    {
        _tokens.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static void Strangers(PricingSecurityOptions options) => options.LoopbackScopes = PricingScopes.None;

    private static string Key(PricingScopes scopes, out string entry, int? limit = null) =>
        ApiKey.Create(scopes, TimeProvider.System.GetUtcNow().AddDays(1000), out entry, requestsPerMinute: limit);

    private static PricingClient Connect(SecuredHost host, string credential = "") =>
        new(new PricingClientOptions { EndPoint = host.Binary, Credential = credential });

    private string Write(string name, params string[] keys)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, $$"""{"keys":[{{string.Join(',', keys)}}]}""");
        return path;
    }

    private void Jwt(PricingSecurityOptions options)
    {
        options.Jwt.KeySetFile = Write("jwks.json", _tokens.EcKey());
        options.Jwt.Issuer = Tokens.Issuer;
        options.Jwt.Audience = Tokens.Audience;
    }

    private string? _token;

    private string Token() => _token ??= _tokens.Es256(Tokens.Claims(
        sub: "\"private-subject\"", exp: TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture)));
}
