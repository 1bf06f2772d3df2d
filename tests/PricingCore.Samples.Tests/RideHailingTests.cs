using System.Globalization;
using Microsoft.Playwright;

namespace PricingCore.Samples.Tests;

/// <summary>
/// Goal: the ride-hailing sample does in a browser what its README says: prices come in live, a booking counts, a quote shows its parts.
/// Method: the sample as a process, its page in a headless Chromium (Debian's; another by the environment variable <c>CHROMIUM</c>).
/// Seen to fail: while the stream brought the page no prices it ended at the wait for them, and without the page's files at once.
/// </summary>
public sealed class RideHailingTests
{
    private const float LongestWait = 30_000;

    [Fact]
    public async Task Page_ShowsLivePrices_AndAQuoteThatAddsUp()
    {
        await using RunningSample sample = await RunningSample.StartAsync("RideHailing");
        using IPlaywright playwright = await Playwright.CreateAsync();
        await using IBrowser browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium",
            Args =
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            ],
        });
        IPage page = await browser.NewPageAsync(new BrowserNewPageOptions { Locale = "en-GB" });
        page.SetDefaultTimeout(LongestWait);
        var errors = new List<string>();
        page.PageError += (_, error) => errors.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                errors.Add(message.Text);
            }
        };

        await page.GotoAsync(sample.Address.ToString());
        await Assertions.Expect(page.Locator("#state")).ToHaveTextAsync("live", new() { Timeout = LongestWait });
        await page.WaitForFunctionAsync("() => document.querySelectorAll('.zone[data-multiplier]').length === 48");

        // Where nobody books the price is the base; twenty bookings at once must be seen on the map, and by the stream alone.
        await page.Locator(".zone[data-zone=f1]").ClickAsync();
        await page.WaitForFunctionAsync("() => document.querySelectorAll('#quote tr').length > 1");
        await page.WaitForFunctionAsync("() => Number(document.querySelector('.zone[data-zone=f1]').dataset.multiplier) > 1");

        IReadOnlyList<string> amounts = await page.Locator("#quote td:nth-child(2)").AllTextContentsAsync();
        decimal[] cents = [.. amounts.Select(text => decimal.Parse(text.Replace("€", "", StringComparison.Ordinal), NumberStyles.Number, CultureInfo.InvariantCulture))];
        Assert.Equal(cents[^1], cents[..^1].Sum());
        Assert.InRange(cents[^1], 8.00m, 20.00m);
        Assert.Empty(errors);
    }
}
