using PricingCore.Forecasts;
using PricingCore.Forecasts.Rollouts;
using PricingCore.Numerics;
using PricingCore.Rules;

namespace PricingCore.Surge;

/// <summary>A decision as bytes, everything that it was made from included: what snapshots and the audit log keep, and what a journal hashes.</summary>
/// <remarks>
/// Canonical: two decisions have the same bytes exactly when they are the same, and nothing is read that is not written so. The rule
/// is named by the version of its set and its number within; see <see cref="RuleSet.ByNumber"/>. Little-endian, in the order of
/// <see cref="Write"/>; texts last, so that the numbers of all decisions stand at the same places.
/// </remarks>
/// <threadsafety>Pure functions.</threadsafety>
internal static class DecisionCodec
{
    /// <summary>The most bytes that a decision takes.</summary>
    public const int MaxBytes = NumberBytes + (5 * ByteWriter.MaxTextBytes);

    private const byte Format = 1;
    private const int NumberBytes = 196;

    private const byte HasNeighbours = 1;
    private const byte HasPrevious = 2;
    private const byte IsStale = 4;
    private const byte HasComparison = 8;
    private const byte AllFlags = 15;

    /// <summary>Writes a decision that the engine made.</summary>
    /// <param name="decision">The decision.</param>
    /// <param name="bytes">Room for <see cref="MaxBytes"/>.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(SurgeDecision decision, Span<byte> bytes)
    {
        var writer = new ByteWriter(bytes);
        SurgeInputs inputs = decision.Inputs;
        writer.Write(Format);
        writer.Write((byte)((inputs.NeighbourSteps is null ? 0 : HasNeighbours) | (inputs.PreviousSteps is null ? 0 : HasPrevious)
            | (inputs.IsStale ? IsStale : 0) | (decision.Comparison is null ? 0 : HasComparison)));
        writer.Write((byte)decision.ForecastSource);
        writer.Write((byte)decision.Arm);
        writer.Write(decision.RuleNumber);
        writer.Write(decision.Id.High);
        writer.Write(decision.Id.Low);
        writer.Write(UnixMicros.From(decision.DecidedAt));
        writer.Write(decision.HoldsUntilMicros);
        writer.Write(decision.RulePriceMinorUnits);
        writer.Write(decision.Outcome.Multiplier.Steps);
        WriteFactors(ref writer, decision.Outcome.Factors);
        WriteLimits(ref writer, decision.Outcome.Limits);
        WriteForecast(ref writer, decision.Forecast);
        WriteInputs(ref writer, inputs);
        writer.Write(decision.Comparison?.Multiplier.Steps ?? 0);
        writer.WriteText(decision.RegionId);
        writer.WriteText(decision.ProductType);
        writer.WriteText(decision.ModelVersion);
        writer.WriteText(decision.RulesVersion);
        if (decision.Comparison is { } comparison)
        {
            writer.WriteText(comparison.ModelVersion);
        }

        return writer.Length;
    }

    /// <summary>Reads a decision.</summary>
    /// <param name="bytes">Bytes that begin with one.</param>
    /// <param name="findRule">Finds a rule by the version of its set and its number.</param>
    /// <param name="bytesRead">How many bytes it took.</param>
    /// <exception cref="InvalidDataException">They are not those of a decision, or its rule is not to be found.</exception>
    public static SurgeDecision Read(ReadOnlySpan<byte> bytes, Func<string, int, PricingRule?> findRule, out int bytesRead)
    {
        var reader = new ByteReader(bytes);
        byte format = reader.Read<byte>();
        if (format != Format)
        {
            throw new InvalidDataException($"The decision has format {format}; this version reads {Format}.");
        }

        byte flags = reader.Read<byte>();
        if ((flags & ~AllFlags) != 0)
        {
            throw new InvalidDataException($"The decision has flags {flags} that nobody knows.");
        }

        byte source = reader.Read<byte>();
        if (source > (byte)ForecastSource.Fallback)
        {
            throw new InvalidDataException($"The decision's forecast has source {source}, which is none.");
        }

        byte arm = reader.Read<byte>();
        if (arm > (byte)ModelArm.Candidate)
        {
            throw new InvalidDataException($"The decision has arm {arm}, which is none.");
        }

        int ruleNumber = reader.Read<int>();
        var id = new DecisionId(reader.Read<ulong>(), reader.Read<ulong>());
        long decidedAt = reader.Read<long>();
        long holdsUntil = reader.Read<long>();
        if (!UnixMicros.IsTime(decidedAt) || !UnixMicros.IsTime(holdsUntil))
        {
            throw new InvalidDataException($"The decision holds from {decidedAt} to {holdsUntil}, which are no times.");
        }

        long rulePrice = reader.Read<long>();
        var outcome = new SurgeOutcome(ReadMultiplier(ref reader), ReadFactors(ref reader), ReadLimits(ref reader));
        Forecast forecast = ReadForecast(ref reader);
        SurgeInputs inputs = ReadInputs(ref reader, flags);
        int comparedSteps = reader.Read<int>();
        (string region, string product, string model, string rules) = (reader.ReadText(), reader.ReadText(), reader.ReadText(), reader.ReadText());
        bool isCompared = (flags & HasComparison) != 0;
        if (isCompared ? !IsMultiplier(comparedSteps) : comparedSteps != 0)
        {
            throw new InvalidDataException($"The decision is compared with a multiplier of {comparedSteps} steps.");
        }

        string comparedModel = isCompared ? reader.ReadText() : "";
        bytesRead = reader.Position;

        return new SurgeDecision
        {
            RegionId = region,
            ProductType = product,
            Id = id,
            DecidedAt = UnixMicros.ToTime(decidedAt),
            HoldsUntil = UnixMicros.ToTime(holdsUntil),
            HoldsUntilMicros = holdsUntil,
            RenewAtMicros = SurgeDecision.RenewalOf(decidedAt, holdsUntil),
            Outcome = outcome,
            Inputs = inputs,
            Forecast = forecast,
            ForecastSource = (ForecastSource)source,
            ModelVersion = model,
            Arm = (ModelArm)arm,
            Comparison = isCompared ? new ModelComparison(comparedModel, SurgeMultiplier.FromSteps(comparedSteps)) : null,
            Rule = findRule(rules, ruleNumber)
                ?? throw new InvalidDataException($"The decision {id} followed rule {ruleNumber} of the rules {rules}, which are not to be found."),
            RulesVersion = rules,
            RuleNumber = ruleNumber,
            RulePriceMinorUnits = rulePrice,
        };
    }

    private static void WriteFactors(ref ByteWriter writer, in SurgeFactors factors)
    {
        writer.Write(factors.Demand);
        writer.Write(factors.Supply);
        writer.Write(factors.TimeOfDay);
        writer.Write(factors.Weather);
        writer.Write(factors.Events);
    }

    private static SurgeFactors ReadFactors(ref ByteReader reader) =>
        new(reader.Read<int>(), reader.Read<int>(), reader.Read<int>(), reader.Read<int>(), reader.Read<int>());

    private static void WriteLimits(ref ByteWriter writer, in SurgeLimitChanges limits)
    {
        writer.Write(limits.Clip);
        writer.Write(limits.Smoothing);
        writer.Write(limits.Step);
        writer.Write(limits.Hysteresis);
        writer.Write(limits.Experiment);
        writer.Write(limits.RuleBounds);
        writer.Write(limits.EmergencyCap);
    }

    private static SurgeLimitChanges ReadLimits(ref ByteReader reader) =>
        new(reader.Read<int>(), reader.Read<int>(), reader.Read<int>(), reader.Read<int>(), reader.Read<int>(), reader.Read<int>(), reader.Read<int>());

    private static void WriteForecast(ref ByteWriter writer, in Forecast forecast)
    {
        writer.Write(forecast.DemandScore);
        writer.Write(forecast.Confidence);
        writer.Write(forecast.ExpectedDemand);
        writer.Write(forecast.Low);
        writer.Write(forecast.High);
        writer.Write(forecast.HorizonMinutes);
    }

    private static Forecast ReadForecast(ref ByteReader reader) => new(
        reader.Read<float>(), reader.Read<float>(), reader.Read<float>(), reader.Read<float>(), reader.Read<float>(), reader.Read<int>());

    private static void WriteInputs(ref ByteWriter writer, in SurgeInputs inputs)
    {
        writer.Write(inputs.DemandScore);
        writer.Write(inputs.Demand);
        writer.Write(inputs.AvailableSupply);
        writer.Write(inputs.NearbyEventScore);
        writer.Write(inputs.WeatherScore);
        writer.Write(inputs.Hour);
        writer.Write(inputs.NeighbourSteps ?? 0);
        writer.Write(inputs.PreviousSteps ?? 0);
        writer.Write(inputs.SincePreviousMicros);
        writer.Write(inputs.RegionHash);
    }

    private static SurgeInputs ReadInputs(ref ByteReader reader, byte flags) => new()
    {
        DemandScore = reader.Read<double>(),
        Demand = reader.Read<double>(),
        AvailableSupply = reader.Read<double>(),
        NearbyEventScore = reader.Read<double>(),
        WeatherScore = reader.Read<double>(),
        Hour = reader.Read<int>(),
        NeighbourSteps = ReadOptional(ref reader, flags, HasNeighbours),
        PreviousSteps = ReadOptional(ref reader, flags, HasPrevious),
        SincePreviousMicros = reader.Read<long>(),
        RegionHash = reader.Read<ulong>(),
        IsStale = (flags & IsStale) != 0,
    };

    private static int? ReadOptional(ref ByteReader reader, byte flags, byte flag)
    {
        int value = reader.Read<int>();
        if ((flags & flag) == 0 && value != 0)
        {
            throw new InvalidDataException($"The decision has an input of {value} that it says it has not.");
        }

        return (flags & flag) != 0 ? value : null;
    }

    private static SurgeMultiplier ReadMultiplier(ref ByteReader reader)
    {
        int steps = reader.Read<int>();
        if (!IsMultiplier(steps))
        {
            throw new InvalidDataException($"The decision has a multiplier of {steps} steps; it is from 0 to {SurgeMultiplier.MaxSteps}.");
        }

        return SurgeMultiplier.FromSteps(steps);
    }

    private static bool IsMultiplier(int steps) => steps is >= 0 and <= SurgeMultiplier.MaxSteps;
}
