using System.Globalization;
using System.Text.RegularExpressions;
using PricingCore.Events;
using PricingCore.Money;
using PricingCore.Protocol;
using PricingCore.Surge;

namespace PricingCore.Client.Tests.Protocol;

/// <summary>
/// Goal: docs/protocol.md is what the code does.
/// Method: the bytes of each example in it against the encoder's; the numbers of its tables against the enums.
/// </summary>
public sealed partial class ProtocolDocTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Root(), "docs", "protocol.md")).ReplaceLineEndings("\n");
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Hello_IsTheExample()
    {
        var hello = new HelloBody(1, 1, ProtocolFeatures.Subscriptions, "demo", "key");
        byte[] body = new byte[hello.MaxBytes];
        AssertExample("hello", RawConnection.Frame(FrameKind.Hello, 0, 1, body.AsSpan(0, hello.Write(body))));
        Assert.DoesNotContain("key", hello.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_AreTheExample() => AssertExample("names", RawConnection.Names(0, "jfk", "standard"));

    [Fact]
    public void QuoteBatch_IsTheExample() => AssertExample("quote batch", RawConnection.Batch(7, (0, 1)));

    [Fact]
    public void QuotedBatch_IsTheExample()
    {
        byte[] body = new byte[PriceEntry.Size];
        new PriceEntry
        {
            MinorUnits = 1_830,
            BaseMinorUnits = 1_200,
            ValidUntilMicros = Numerics.UnixMicros.From(Noon.AddMinutes(2)),
            DecisionId = new DecisionId(0x0102030405060708, 0x1112131415161718),
            MultiplierSteps = 15_252,
            IsCached = true,
            PackedCurrency = PriceEntry.PackCurrency(Currency.FromCode("USD")),
        }.Write(body);
        AssertExample("quoted batch", RawConnection.Frame(FrameKind.QuotedBatch, 1, 7, body));
    }

    [Fact]
    public void Publish_IsTheExample()
    {
        byte[] body = new byte[EventEntry.MostSize];
        int length = EventEntry.Write(body, MarketEvent.Booking("", Noon, "u7"), 0, ProtocolConstants.NotGiven);
        AssertExample("publish", RawConnection.Frame(FrameKind.Publish, 1, 8, body.AsSpan(0, length)));
        AssertExample("published", RawConnection.Frame(FrameKind.Published, 0, 8, [1, 0, 0, 0]));
    }

    [Fact]
    public void Tables_NameEveryKindAndEveryError()
    {
        foreach (FrameKind kind in Enum.GetValues<FrameKind>().Where(kind => kind != FrameKind.None))
        {
            string words = Words().Replace(kind.ToString(), " $1").Trim().ToLowerInvariant();
            Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"| {words} | {(int)kind} |"), Page, StringComparison.Ordinal);
        }

        foreach (ProtocolErrorCode code in Enum.GetValues<ProtocolErrorCode>().Where(code => code != ProtocolErrorCode.None))
        {
            Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"| {(int)code} | "), Page, StringComparison.Ordinal);
        }
    }

    private static void AssertExample(string name, byte[] bytes)
    {
        Match block = Regex.Match(Page, $"^```{name}\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline);
        Assert.True(block.Success, $"There is no example '{name}'.");
        string[] hex = [.. block.Groups[1].Value.Split('\n').SelectMany(line => Bytes().Match(line).Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        Assert.Equal(Convert.ToHexString(bytes), string.Concat(hex));
    }

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "PricingCore.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("PricingCore.sln is not above the tests.");
    }

    /// <summary>The bytes at the start of a line, up to the words.</summary>
    [GeneratedRegex("^([0-9A-F]{2} ?)*(?= |$)")]
    private static partial Regex Bytes();

    [GeneratedRegex("([A-Z])")]
    private static partial Regex Words();
}
