using System.Globalization;

namespace PricingCore.Simulation;

/// <summary>What a simulation has done.</summary>
internal sealed record SimulationReport
{
    public int Seeds { get; set; }

    public long Steps { get; set; }

    public long Events { get; set; }

    public long Acknowledged { get; set; }

    public long Refused { get; set; }

    public long Decisions { get; set; }

    public long Redemptions { get; set; }

    public long PowerFailures { get; set; }

    public long ProcessDeaths { get; set; }

    public long OrderlyEnds { get; set; }

    public long DiskFaults { get; set; }

    public long FailedStarts { get; set; }

    public long StartsFromSnapshots { get; set; }

    public long RecordsRecovered { get; set; }

    /// <summary>The same for the same seed and steps.</summary>
    public ulong Digest { get; set; }

    public void Add(SimulationReport other)
    {
        Seeds += other.Seeds;
        Steps += other.Steps;
        Events += other.Events;
        Acknowledged += other.Acknowledged;
        Refused += other.Refused;
        Decisions += other.Decisions;
        Redemptions += other.Redemptions;
        PowerFailures += other.PowerFailures;
        ProcessDeaths += other.ProcessDeaths;
        OrderlyEnds += other.OrderlyEnds;
        DiskFaults += other.DiskFaults;
        FailedStarts += other.FailedStarts;
        StartsFromSnapshots += other.StartsFromSnapshots;
        RecordsRecovered += other.RecordsRecovered;
        Digest = unchecked((Digest * 31) ^ other.Digest);
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Seeds} seeds, {Steps:N0} steps, {Events:N0} events ({Acknowledged:N0} acknowledged, {Refused:N0} refused), {Decisions:N0} decisions, {Redemptions:N0} redemptions, "
        + $"{PowerFailures:N0} power failures, {ProcessDeaths:N0} process deaths, {OrderlyEnds:N0} orderly ends, {DiskFaults:N0} disk faults, {FailedStarts:N0} failed starts, "
        + $"{StartsFromSnapshots:N0} starts from snapshots, {RecordsRecovered:N0} records recovered");
}
