using System.Buffers.Binary;
using Microsoft.Extensions.Logging.Abstractions;
using PricingCore.Audit;
using PricingCore.Forecasts;
using PricingCore.Money;
using PricingCore.Numerics;
using PricingCore.Quotes;
using PricingCore.Rules;
using PricingCore.Storage;
using PricingCore.Surge;

namespace PricingCore.Tests.Audit;

/// <summary>Decisions, quotes and small logs of them.</summary>
internal static class AuditSamples
{
    public const string Folder = "/audit";
    public const long Start = 1_780_000_000_000_000;

    public static readonly RuleSet Rules = new([new PricingRule { BasePrice = Amount.FromMajor(12, Currency.FromCode("USD")) }]);

    public static readonly float[] Row = [1, 2.5f, float.NaN, -4];

    public static AuditOptions Options(int capacity = 1_024, int segmentBytes = 65_536) =>
        new() { Directory = Folder, Level = AuditLevel.Quote, RingCapacity = capacity, SegmentBytes = segmentBytes, UserKey = new byte[16] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 } };

    public static AuditLog Log(IFileStore files, AuditOptions? options = null)
    {
        var log = new AuditLog(options ?? Options(), files, Row.Length, NullLogger.Instance);
        log.Use(Rules);
        log.UseModel("demand/1.0.0", new string('a', 64));
        return log;
    }

    public static SurgeDecision Decision(int number)
    {
        PricingRule rule = Rules.Rules[0];
        var inputs = new SurgeInputs { DemandScore = 0.25 + (number % 100 / 200.0), Demand = number % 50, AvailableSupply = 7, Hour = number % 24, RegionHash = 42 };
        SurgeOutcome outcome = SurgePolicy.Decide(rule, inputs);
        long at = Start + (number * 1_000L);
        return new SurgeDecision
        {
            RegionId = $"zone-{number % 10}",
            ProductType = "standard",
            Id = new DecisionId(SipHash.Public.Hash64("zone"), (ulong)number + 1),
            DecidedAt = UnixMicros.ToTime(at),
            HoldsUntil = UnixMicros.ToTime(at + 30_000_000),
            HoldsUntilMicros = at + 30_000_000,
            RenewAtMicros = SurgeDecision.RenewalOf(at, at + 30_000_000),
            Outcome = outcome,
            Inputs = inputs,
            Forecast = new Forecast(0.5f, 0.9f, number % 50, 1, 60, 15),
            ForecastSource = ForecastSource.Model,
            ModelVersion = "demand/1.0.0",
            Rule = rule,
            RuleNumber = 0,
            RulesVersion = Rules.Version,
            RulePriceMinorUnits = QuotePrice.Of(rule, rule.BasePrice.MinorUnits, outcome.Multiplier),
        };
    }

    public static Quote Quote(SurgeDecision decision, string? requestId, long at, string? traceId = null)
    {
        var request = new QuoteRequest(decision.RegionId, decision.ProductType) { RequestId = requestId, TraceId = traceId };
        return QuoteReader.Read(request, decision, at + 120_000_000, cached: true);
    }

    /// <summary>Records decision number i, and quotes of it.</summary>
    public static void Add(AuditLog log, int number, int quotes = 2)
    {
        SurgeDecision decision = Decision(number);
        Assert.True(log.TryReserve());
        log.Record(decision, lane: 0, ordinal: number + 1, journalSequence: number * 7, Start + (number * 1_000L), Row);
        for (int i = 0; i < quotes; i++)
        {
            Assert.True(log.TryReserve());
            log.Record(Quote(decision, RequestOf(number, i), Start + (number * 1_000L) + i, i == 0 ? "4bf92f3577b34da6a3ce929d0e0e4736" : null), Start + (number * 1_000L) + i, "user-1");
        }
    }

    public static string RequestOf(int decision, int quote) => $"request-{decision}-{quote}";

    /// <summary>A log of so many decisions with two quotes each, in as many flushes.</summary>
    public static MemoryFiles Written(int decisions, AuditOptions? options = null)
    {
        var files = new MemoryFiles();
        using AuditLog log = Log(files, options);
        log.StartWithoutThread(Start);
        for (int i = 0; i < decisions; i++)
        {
            Add(log, i);
            Assert.True(log.Step());
        }

        return files;
    }

    /// <summary>A closed segment: the bytes of a small log with what closes it, and the first of the next segment.</summary>
    public static MemoryFiles Closed(int decisions)
    {
        MemoryFiles files = Written(decisions);
        Close(files);
        return files;
    }

    /// <summary>Closes the newest segment, small as it is, and begins the next.</summary>
    public static void Close(MemoryFiles files)
    {
        var log = new SegmentFiles(files, Folder);
        var recovery = new AuditRecovery(log, NullLogger.Instance);
        recovery.Run();
        OpenSegment open = recovery.Segment!;
        SegmentTrailer trailer = open.AppendClosing();
        open.Flush();
        log.WriteIndex(trailer, open.State.Keys);
        log.Create(new SegmentHeader(trailer.Segment + 1, SegmentLink.Trailer, trailer.Hash(), Start)).Dispose();
    }

    public static AuditReport Verify(IFileStore files, string? head = null) =>
        AuditCheck.Verify(new SegmentFiles(files, Folder), head is null ? null : AuditHead.TryParse(head));

    public static AuditReader Reader(IFileStore files) => new(new SegmentFiles(files, Folder), open: null);

    /// <summary>The places of the frames of a segment: offset and length of each.</summary>
    public static List<(int Offset, int Length)> FramesOf(byte[] segment)
    {
        var frames = new List<(int, int)>();
        for (int at = AuditFormat.HeaderBytes; at + AuditFormat.FrameHeadBytes <= segment.Length && AuditFrame.TryRead(segment.AsSpan(at), out ReadOnlySpan<byte> payload);)
        {
            frames.Add((at, AuditFormat.FrameHeadBytes + payload.Length));
            at += AuditFormat.FrameHeadBytes + payload.Length;
        }

        return frames;
    }

    /// <summary>Mends the CRC of a frame whose payload was changed, as somebody would who knows the format.</summary>
    public static void MendCrc(Span<byte> frame) =>
        BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], Crc32C.Append(Crc32C.Append(0, frame[..4]), frame[8..]));
}
