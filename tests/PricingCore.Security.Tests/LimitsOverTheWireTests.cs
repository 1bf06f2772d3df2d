using PricingCore.AspNetCore.Security;
using PricingCore.Client;
using PricingCore.Client.Tests;
using PricingCore.Protocol;
using PricingCore.Quotes;

namespace PricingCore.Security.Tests;

/// <summary>
/// Goal: of many requests that come at once over real connections, exactly as many pass as a limit says, whichever endpoint or protocol they come by, and exactly as many more as time gives back.
/// Method: a clock that is moved by hand, so that no token comes back by itself; three times as many requests as there are tokens, all at once.
/// Control: with TokenBuckets.GiveBack doing nothing the user has lost what the total refused. That a bucket has a lock does not show here (tried: requests are too far apart); it does in
/// <see cref="TokenBucketsTests"/>.
/// </summary>
public sealed class LimitsOverTheWireTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pricing-limits").FullName;
    private readonly ManualTime _time = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task UserLimit_IsExact_OverHttpAndTheBinaryProtocolTogether()
    {
        const int Limit = 120;
        string key = Key(out string entry);
        await using SecuredHost host = await StartAsync([entry], options => options.UserRequestsPerMinute = Limit);
        await using var binary = new PricingClient(new PricingClientOptions { EndPoint = host.Binary, Credential = key });
        await binary.ConnectAsync(); // Costs a token as well.

        bool[] passed = await Task.WhenAll(Enumerable.Range(0, 3 * Limit).Select(number => (number % 3) switch
        {
            0 => PassesAsync(host.QuoteAsync(("X-Api-Key", key))),
            1 => PassesAsync(host.GetAsync("/api/v1/pricing/explain?request_id=x", ("Authorization", "Bearer " + key))),
            _ => PassesAsync(binary),
        }));
        Assert.Equal(Limit - 1, passed.Count(isIn => isIn));

        _time.Advance(TimeSpan.FromSeconds(10)); // A sixth of a minute.
        passed = await Task.WhenAll(Enumerable.Range(0, Limit).Select(_ => PassesAsync(host.QuoteAsync(("X-Api-Key", key)))));
        Assert.Equal(Limit / 6, passed.Count(isIn => isIn));
    }

    [Fact]
    public async Task AddressLimit_IsExact_WhoeverComesFromThere()
    {
        const int Limit = 100;
        string[] keys = [Key(out string one), Key(out string two), Key(out string three)];
        await using SecuredHost host = await StartAsync([one, two, three], options => options.AddressRequestsPerMinute = Limit);

        bool[] passed = await Task.WhenAll(Enumerable.Range(0, 3 * Limit).Select(number => PassesAsync(host.QuoteAsync(("X-Api-Key", number % 4 == 3 ? "wrong" : keys[number % 4])))));

        Assert.Equal(Limit, passed.Count(isIn => isIn)); // Wrong keys count, too.
    }

    [Fact]
    public async Task TotalLimit_IsExact_AndWhatItRefusesCostsTheUserNothing()
    {
        const int Total = 90;
        const int User = 120;
        string[] keys = [Key(out string one), Key(out string two)];
        await using SecuredHost host = await StartAsync([one, two], options =>
        {
            options.TotalRequestsPerSecond = Total;
            options.UserRequestsPerMinute = User;
        });
        Assert.Equal(Total, await AskAsync(keys[0]));

        _time.Advance(TimeSpan.FromSeconds(1)); // All of the total is back, and a sixtieth of the user's.
        const int Left = User - Total + (User / 60);
        Assert.Equal(Left, await AskAsync(keys[0]));
        Assert.Equal(Total - Left, await AskAsync(keys[1]));

        async Task<int> AskAsync(string key) =>
            (await Task.WhenAll(Enumerable.Range(0, 3 * Total).Select(_ => PassesAsync(host.QuoteAsync(("X-Api-Key", key)))))).Count(isIn => isIn);
    }

    private static string Key(out string entry) => ApiKey.Create(PricingScopes.Quote, TimeProvider.System.GetUtcNow().AddDays(1_000), out entry);

    private static async Task<bool> PassesAsync(Task<HttpResponseMessage> asking)
    {
        using HttpResponseMessage answer = await asking;
        return !(await answer.Content.ReadAsStringAsync()).Contains("urn:pricingcore:problem:rate-limited", StringComparison.Ordinal); // 429 alone may be an engine that is busy.
    }

    private static async Task<bool> PassesAsync(PricingClient client)
    {
        try
        {
            await client.QuoteAsync(new QuoteRequest("midtown"));
            return true;
        }
        catch (PricingProtocolException refused) when (refused.Code == ProtocolErrorCode.RateLimited)
        {
            return false;
        }
    }

    private Task<SecuredHost> StartAsync(string[] keys, Action<PricingSecurityOptions> configure)
    {
        string path = Path.Combine(_folder, "keys.json");
        File.WriteAllText(path, $$"""{"keys":[{{string.Join(',', keys)}}]}""");
        return SecuredHost.StartAsync(
            options =>
            {
                options.LoopbackScopes = PricingScopes.None;
                options.ApiKeyFile = path;
                options.UserRequestsPerMinute = 0;
                options.AddressRequestsPerMinute = 0;
                options.TotalRequestsPerSecond = 0;
                configure(options);
            },
            _time);
    }
}
