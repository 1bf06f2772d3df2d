using System.Net;
using System.Text;
using PricingCore.Tests;

namespace PricingCore.Sidecar.Tests.Hostile;

/// <summary>A real sidecar with small limits, that the tests of this folder attack one after the other.</summary>
public sealed class AttackedSidecar : IAsyncLifetime
{
    public const int MaxConnections = 48;
    public const int MaxStreams = 20;
    public const int MaxBodyBytes = 2_097_152;
    public const int MaxHeaderBytes = 16_384;

    /// <summary>Of the specification for a whole process with 10,000 regions; this one has next to none.</summary>
    private const long MostResidentBytes = 200L << 20;

    private readonly ScratchFolder _folder = new();
    private SidecarProgram? _program;

    /// <summary>Where HTTP/1.1 is spoken.</summary>
    public int Port => _program!.Address.Port;

    /// <summary>Where HTTP/2 is spoken.</summary>
    public int Http2Port { get; } = SidecarProgram.FreePort();

    /// <summary>Where the binary protocol is spoken.</summary>
    public int BinaryPort { get; } = SidecarProgram.FreePort();

    internal SidecarProgram Program => _program!;

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(_folder.At("pricing.json"), $$"""
            {
              "Engine": { "MaxRegions": 64, "MaxUnits": 4096, "MaxSessions": 4096, "RingCapacityEvents": 16384, "UserEventsPerMinute": 0 },
              "Endpoints": { "MaxRequestBytes": 4096, "MaxBatchBytes": 1048576, "RememberedRequests": 1024 },
              "Server": {
                "MaxRequestBytes": {{MaxBodyBytes}}, "MaxConnections": {{MaxConnections}}, "MaxStreams": {{MaxStreams}}, "MaxHeaderBytes": {{MaxHeaderBytes}},
                "HeadersTimeout": "1s", "SlowFor": "2s", "MinBytesPerSecond": 1000, "KeepAlive": "3s"
              },
              "Binary": { "HelloTimeout": "1s", "MaxFrameBytes": 65536, "MaxConnections": 24 }
            }
            """);
        _program = SidecarProgram.Start(
            _folder.At("data"), "--config", _folder.At("pricing.json"), "--listen", $"h2c://127.0.0.1:{Http2Port}", "--listen", $"binary://127.0.0.1:{BinaryPort}");
        await _program.UntilReadyAsync();
        await AssertServesAsync();
    }

    /// <summary>Checks that it prices and takes events, and has not grown.</summary>
    public async Task AssertServesAsync()
    {
        using var client = new HttpClient { BaseAddress = _program!.Address, Timeout = TimeSpan.FromSeconds(10) };
        using HttpResponseMessage price = await client.PostAsync("/api/v1/pricing/compute", Json("""{"region_id":"a"}"""));
        Assert.Equal(HttpStatusCode.OK, price.StatusCode);
        string now = DateTimeOffset.UtcNow.ToString("O", System.Globalization.CultureInfo.InvariantCulture);
        using HttpResponseMessage taken = await client.PostAsync("/api/v1/events", Json($$"""{"type":"booking","region_id":"a","occurred_at":"{{now}}"}"""));
        Assert.Equal(HttpStatusCode.Accepted, taken.StatusCode);
        long resident = _program.ResidentBytes;
        TestContext.Current.TestOutputHelper?.WriteLine($"resident: {resident >> 20} MiB");
        Assert.True(resident < MostResidentBytes, $"The process has grown to {resident >> 20} MiB.");
    }

    public async ValueTask DisposeAsync()
    {
        string log = _program is null ? "" : await _program.EndAsync();
        _program?.Dispose();
        _folder.Dispose();
        Assert.False(log.Contains("fail:", StringComparison.Ordinal), log); // The drain, too, must not wait for what is left of the attacks.
    }

    private static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");
}

/// <summary>The tests that attack one sidecar, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class Attacks : ICollectionFixture<AttackedSidecar>
{
    public const string Name = "attacks";
}
