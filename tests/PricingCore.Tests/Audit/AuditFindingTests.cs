using PricingCore.Audit;
using PricingCore.Surge;

namespace PricingCore.Tests.Audit;

/// <summary>
/// Goal: what was recorded is found again as it was, by any text, in any segment, with an index or without one.
/// Method: a log on files in memory, stepped by hand.
/// </summary>
public sealed class AuditFindingTests
{
    [Fact]
    public void Find_AfterManySegments_GivesWhatWasRecorded()
    {
        MemoryFiles files = AuditSamples.Written(600);
        AuditReader reader = AuditSamples.Reader(files);
        Assert.InRange(files.Paths.Count(path => path.EndsWith(".log", StringComparison.Ordinal)), 3, 100);

        for (int i = 0; i < 600; i += 37)
        {
            SurgeDecision expected = AuditSamples.Decision(i);
            Assert.True(reader.TryFindDecision(expected.Id, out AuditedDecision? decision));
            Assert.Equivalent(expected, decision.Decision, strict: true);
            Assert.Equal(AuditSamples.Row, decision.Features);
            Assert.Equal((0, i + 1L, i * 7L), (decision.Lane, decision.Ordinal, decision.JournalSequence));
            Assert.Equal(AuditSamples.Rules.Hash, decision.RulesHash);
            Assert.Equal(new string('a', 64), decision.ModelSha256);

            Assert.True(reader.TryFindQuote(AuditSamples.RequestOf(i, 1), out AuditedQuote? quote));
            Assert.Equal(expected.Id, quote.DecisionId);
            Assert.Equal(expected.RulePriceMinorUnits, quote.PriceMinorUnits);
            Assert.Equal((1_200, "USD", expected.RegionId), (quote.BaseMinorUnits, quote.Currency.Code, quote.RegionId));
            Assert.Null(quote.TraceId);
            Assert.Equal(32, quote.UserHash!.Length);
        }

        Assert.False(reader.TryFindQuote("request-600-0", out _));
        Assert.False(reader.TryFindDecision(default, out _));
        Assert.Equal(600, reader.ReadDecisions().Count());
        Assert.Equal(1_200, reader.ReadQuotes().Count());
        AuditReport report = AuditSamples.Verify(files);
        Assert.Empty(report.Faults);
        Assert.Equal((600, 1_200), (report.Decisions, report.Quotes));
    }

    [Theory]
    [InlineData("4bf92f3577b34da6a3ce929d0e0e4736")]
    [InlineData("4BF92F3577B34DA6A3CE929D0E0E4736")]
    [InlineData("123e4567-e89b-12d3-a456-426614174000")]
    [InlineData("123e4567-e89b-12d3-a456+426614174000")]
    [InlineData("")]
    [InlineData("münchen-日本-😀")]
    public void Find_ByAnyText_GivesIt(string requestId)
    {
        var files = new MemoryFiles();
        using (AuditLog log = AuditSamples.Log(files))
        {
            log.StartWithoutThread(AuditSamples.Start);
            Assert.True(log.TryReserve());
            log.Record(AuditSamples.Quote(AuditSamples.Decision(1), requestId, AuditSamples.Start, requestId), AuditSamples.Start);
            Assert.True(log.TryFindQuote(requestId, out AuditedQuote? open));
            Assert.Equal(requestId, open.TraceId);
        }

        Assert.True(AuditSamples.Reader(files).TryFindQuote(requestId, out AuditedQuote? quote));
        Assert.Equal(requestId, quote.RequestId);
        Assert.Null(quote.UserHash);
    }

    [Fact]
    public void Find_WhenARequestWasServedTwice_GivesTheNewest()
    {
        var files = new MemoryFiles();
        using AuditLog log = AuditSamples.Log(files);
        log.StartWithoutThread(AuditSamples.Start);
        for (int i = 0; i < 3; i++)
        {
            Assert.True(log.TryReserve());
            log.Record(AuditSamples.Quote(AuditSamples.Decision(i), "same", AuditSamples.Start), AuditSamples.Start + i);
        }

        Assert.True(log.TryFindQuote("same", out AuditedQuote? quote));
        Assert.Equal(AuditSamples.Decision(2).Id, quote.DecisionId);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Find_WhenTheIndexIsGoneOrDamaged_MakesItAnew(bool isGone)
    {
        MemoryFiles files = AuditSamples.Written(300);
        string index = AuditSamples.Folder + "/audit-0000000001.idx";
        byte[] whole = files[index];
        if (isGone)
        {
            files.Delete(index);
        }
        else
        {
            files[index] = [.. whole.Select(one => (byte)(one ^ 0x55))];
        }

        Assert.True(AuditSamples.Reader(files).TryFindQuote(AuditSamples.RequestOf(3, 0), out _));
        Assert.Equal(whole, files[index]);
        Assert.Equal(300, AuditSamples.Reader(files).ReadDecisions().Count());
    }
}
