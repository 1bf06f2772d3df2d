using PricingCore.Rules;

namespace PricingCore.Tests.Rules;

/// <summary>
/// Goal: changed rules arrive once and only when they are right, and nothing that happens to the file stops the watch.
/// Method: a real file and a clock moved by hand, one look a second; no waiting.
/// </summary>
public sealed class RuleFileWatcherTests : IAsyncDisposable
{
    private static readonly TimeSpan OneLook = TimeSpan.FromSeconds(1);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pricing-rules-");
    private readonly HandDrivenTime _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly List<RuleSet> _published = [];
    private readonly List<Exception> _refused = [];
    private readonly string _path;

    private RuleFileWatcher? _watcher;
    private Func<RuleSet, ValueTask> _onPublish = _ => ValueTask.CompletedTask;
    private DateTime _lastWrite = new(2025, 6, 1, 0, 0, 0, DateTimeKind.Utc); // Long ago, so that an equal stamp may be trusted.

    public RuleFileWatcherTests() => _path = Path.Combine(_folder.FullName, "rules.json");

    public async ValueTask DisposeAsync()
    {
        if (_watcher is not null)
        {
            await _watcher.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    [Fact]
    public void Look_WhenTheFileChanges_PublishesOnce()
    {
        Watch(running: WriteRules(12));
        Look(3);
        Assert.Empty(_published);

        RuleSet changed = WriteRules(15);
        Look(3);

        Assert.Equal(changed.Hash, Assert.Single(_published).Hash);
        Assert.Empty(_refused);
    }

    [Fact]
    public void Look_WithoutRunningRules_PublishesTheFirst()
    {
        RuleSet first = WriteRules(12);
        Watch();
        Look();
        Assert.Equal(first.Hash, Assert.Single(_published).Hash);
    }

    [Fact]
    public void Look_WhenOnlyTheSpellingChanges_PublishesNothing()
    {
        RuleSet rules = WriteRules(12);
        Watch(rules);
        Write(rules.ToJson() + "\n\n");
        Look(3);
        Assert.Empty(_published);
        Assert.Empty(_refused);
    }

    [Fact]
    public void Look_WhenTheFileIsWrong_ReportsOnceAndGoesOn()
    {
        Watch(WriteRules(12));
        Write(RulesText("-1"));
        Look(5);

        RuleSetException refusal = Assert.IsType<RuleSetException>(Assert.Single(_refused));
        Assert.Equal("rules[0].base_price", Assert.Single(refusal.Errors).Path);
        Assert.Empty(_published);

        RuleSet right = WriteRules(13);
        Look();
        Assert.Equal(right.Hash, Assert.Single(_published).Hash);
    }

    [Fact]
    public void Look_WhileTheFileIsHalfWritten_SaysNothing()
    {
        Watch(WriteRules(12));
        string text = RulesText("16");
        Write(text[..40]);
        Look();
        Write(text[..80]);
        Look();
        Write(text);
        Look();

        Assert.Empty(_refused);
        Assert.Equal(1_600, Assert.Single(_published).Rules[0].BasePrice.MinorUnits);
    }

    [Fact]
    public void Look_WhileTheFileIsMissing_ReportsOnceAndPublishesWhenItIsBack()
    {
        Watch(WriteRules(12));
        File.Delete(_path);
        Look(4);
        Assert.IsType<FileNotFoundException>(Assert.Single(_refused));

        WriteRules(17);
        Look();
        Assert.Equal(1_700, Assert.Single(_published).Rules[0].BasePrice.MinorUnits);
    }

    [Fact]
    public void Look_WhileAnotherHoldsTheFile_ReportsAndPublishesAfterwards()
    {
        Watch(WriteRules(12));
        WriteRules(18);
        using (new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.None))
        {
            Look(3);
            Assert.Empty(_published);
            Assert.IsType<IOException>(Assert.Single(_refused), exactMatch: false);
        }

        Look();
        Assert.Equal(1_800, Assert.Single(_published).Rules[0].BasePrice.MinorUnits);
    }

    [Fact]
    public void Look_WhenLengthAndTimeStayTheSame_TrustsThem()
    {
        // The price of looking cheaply, stated: only a change within two seconds of the last write is looked for again.
        Watch();
        WriteRules(12);
        Look();
        File.WriteAllText(_path, RulesText("19"));
        File.SetLastWriteTimeUtc(_path, _lastWrite);
        Look(3);
        Assert.Single(_published);
    }

    [Fact]
    public void Look_WhenTheLastWriteIsRecent_LooksAtTheContentAgain()
    {
        Watch();
        _lastWrite = _time.GetUtcNow().UtcDateTime;
        Write(RulesText("12"), later: false);
        Look();
        Write(RulesText("19"), later: false);
        Look();
        Assert.Equal([1_200, 1_900], _published.Select(rules => rules.Rules[0].BasePrice.MinorUnits));
    }

    [Fact]
    public void Look_WhenPublishingFails_ReportsAndTriesAgain()
    {
        int calls = 0;
        _onPublish = _ => ++calls == 1 ? throw new InvalidOperationException("not now") : ValueTask.CompletedTask;
        WriteRules(12);
        Watch();
        Look(4);
        Assert.Equal(2, calls);
        Assert.Equal("not now", Assert.Single(_refused).Message);
    }

    [Fact]
    public async Task Look_WhilePublishingTakesLong_DoesNotPublishTwice()
    {
        var engine = new TaskCompletionSource();
        _onPublish = _ => new ValueTask(engine.Task);
        WriteRules(12);
        Watch();
        Look(3);
        Assert.Single(_published);

        ValueTask disposed = _watcher!.DisposeAsync();
        Assert.False(disposed.IsCompleted, "disposing waits for the callback that runs");
        engine.SetResult();
        await disposed;
        Assert.Single(_published);
    }

    [Fact]
    public async Task DisposeAsync_Twice_StopsTheTimerOnce()
    {
        Watch();
        Assert.Equal(1, _time.LiveTimers);
        await _watcher!.DisposeAsync();
        await _watcher.DisposeAsync();
        Assert.Equal(0, _time.LiveTimers);
        WriteRules(12);
        Look(3);
        Assert.Empty(_published);
    }

    [Theory]
    [InlineData(99)]
    [InlineData(3_600_001)]
    public void Constructor_WithAnIntervalOutOfRange_IsRefused(int milliseconds) =>
        Assert.Throws<ArgumentOutOfRangeException>("pollInterval", () => Watch(interval: TimeSpan.FromMilliseconds(milliseconds)));

    private void Watch(RuleSet? running = null, TimeSpan? interval = null) => _watcher = new RuleFileWatcher(
        _path,
        _time,
        (rules, _) =>
        {
            _published.Add(rules);
            return _onPublish(rules);
        },
        _refused.Add,
        running,
        interval);

    private void Look(int times = 1)
    {
        for (int i = 0; i < times; i++)
        {
            _time.Advance(OneLook);
        }
    }

    private RuleSet WriteRules(int basePrice)
    {
        string text = RulesText(basePrice.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Write(text);
        return RuleSet.Parse(text);
    }

    private void Write(string text, bool later = true)
    {
        File.WriteAllText(_path, text);
        _lastWrite = later ? _lastWrite.AddMinutes(1) : _lastWrite;
        File.SetLastWriteTimeUtc(_path, _lastWrite);
    }

    private static string RulesText(string basePrice) =>
        $$"""
        {
          "rules": [
            { "region_id": "*", "product_type": "standard", "base_price": {{basePrice}}, "currency": "USD" }
          ]
        }
        """;
}
