using System.Globalization;
using System.Text;
using PricingCore.Surge;

namespace PricingCore.Cli.Backtest;

/// <summary>A back-test for people, in a few lines.</summary>
internal static class BacktestText
{
    public static string Of(BacktestSettings settings, BacktestOutcome outcome, JournalReplayResult replay)
    {
        var text = new StringBuilder();
        BookingPrices bookings = outcome.Bookings;
        Line(text, $"{replay.Records:N0} records until {replay.Until:yyyy-MM-dd HH:mm:ss}Z; {bookings.Counted:N0} bookings, {bookings.Priced:N0} of them priced by both policies");
        Line(text, $"policy A: rules {string.Join(", ", outcome.A.RulesVersions)}; {string.Join(", ", outcome.A.ModelVersions)}");
        Line(text, $"policy B: rules {string.Join(", ", outcome.B.RulesVersions)}; {string.Join(", ", outcome.B.ModelVersions)}");
        text.Append('\n');
        foreach (CurrencyRevenue revenue in bookings.Revenue)
        {
            Line(text, $"revenue of policy A                  {revenue.Say(revenue.A),24}");
            Line(text, $"revenue of policy B, same demand     {revenue.Say(revenue.B),24} {Change(revenue.B, revenue.A),10}");
            Line(text, $"revenue of policy B, elasticity {settings.Elasticity,-4:0.##} {revenue.Say(revenue.BAtElasticity),24} {Change(revenue.BAtElasticity, revenue.A),10}");
        }

        if (bookings.Priced > 0)
        {
            Line(text, $"bookings that pay more, less, the same  {bookings.All.More:N0}, {bookings.All.Less:N0}, {bookings.All.Bookings - bookings.All.More - bookings.All.Less:N0}; mean change {Signed(bookings.All.MeanPercent)}");
        }

        text.Append('\n');
        Line(text, $"{"",-34}{"A",12}{"B",12}");
        Line(text, $"{"decisions",-34}{outcome.A.Decisions,12:N0}{outcome.B.Decisions,12:N0}");
        Line(text, $"{"multiplier, mean",-34}{outcome.A.MeanMultiplier,12:0.000}{outcome.B.MeanMultiplier,12:0.000}");
        foreach ((string name, double share) in (ReadOnlySpan<(string, double)>)[("half of them up to", 0.5), ("99 % up to", 0.99), ("largest", 1)])
        {
            Line(text, $"{"multiplier, " + name,-34}{outcome.A.At(share),12:0.000}{outcome.B.At(share),12:0.000}");
        }

        Line(text, $"{"decisions that a cap lowered",-34}{outcome.A.CapHits,12:N0}{outcome.B.CapHits,12:N0}");
        for (int limit = 0; limit < SurgeLimitChanges.Names.Count; limit++)
        {
            LimitLine(text, "lowered by " + SurgeLimitChanges.Names[limit], outcome.A.Lowered[limit], outcome.B.Lowered[limit]);
            LimitLine(text, "raised by " + SurgeLimitChanges.Names[limit], outcome.A.Raised[limit], outcome.B.Raised[limit]);
        }

        Line(text, $"{"mean change between decisions",-34}{outcome.A.Volatility,12:0.0000}{outcome.B.Volatility,12:0.0000}");
        text.Append('\n');
        DecisionPairs pairs = outcome.Pairs;
        Line(text, $"decisions at the same place and time: {pairs.Paired:N0}; B dearer in {pairs.Higher:N0}, cheaper in {pairs.Lower:N0}, the same in {pairs.Same:N0}, otherwise different in {pairs.Other:N0}");
        foreach (string note in Notes(outcome, replay))
        {
            Line(text, $"note: {note}");
        }

        return text.ToString().TrimEnd('\n');
    }

    /// <summary>What a reader must know before believing the numbers, a sentence each.</summary>
    public static IEnumerable<string> Notes(BacktestOutcome outcome, JournalReplayResult replay)
    {
        BookingPrices bookings = outcome.Bookings;
        long before = bookings.Counted - bookings.Priced - bookings.OnlyA - bookings.OnlyB;
        IEnumerable<(bool IsSo, FormattableString Note)> notes =
        [
            (replay.FirstDifference is not null, $"policy A is not what was charged: the replay differs from the journal ({replay.FirstDifference})"),
            (replay.TornAt is not null, $"the journal ends early: {replay.TornAt}"),
            (bookings.Counted == 0, $"the journal has no bookings, so there is no revenue to compare; the multipliers are of all decisions"),
            (before > 0, $"{before:N0} bookings have no price, since no decision came before them or none of their product; they are left out"),
            (bookings.OnlyA > 0, $"{bookings.OnlyA:N0} bookings have a price under policy A only; they are left out"),
            (bookings.OnlyB > 0, $"{bookings.OnlyB:N0} bookings have a price under policy B only; they are left out"),
            (bookings.WithoutRatio > 0, $"{bookings.WithoutRatio:N0} bookings have a price of 0 or two currencies; elasticity leaves them as they are"),
            (outcome.Pairs.OnlyA + outcome.Pairs.OnlyB > 0, $"{outcome.Pairs.OnlyA:N0} decisions were made by policy A only and {outcome.Pairs.OnlyB:N0} by policy B only"),
        ];
        return notes.Where(note => note.IsSo).Select(note => note.Note.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>The change to a sum from another, in percent.</summary>
    public static string Change(decimal to, decimal from) => from == 0 ? "–" : Signed((double)((to - from) / from * 100));

    /// <summary>Percents with their sign; a dash when there is no number.</summary>
    public static string Signed(double percent) =>
        double.IsFinite(percent) ? percent.ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture) + " %" : "–";

    private static void LimitLine(StringBuilder text, string name, long ofA, long ofB)
    {
        if (ofA + ofB > 0)
        {
            Line(text, $"{"  " + name,-34}{ofA,12:N0}{ofB,12:N0}");
        }
    }

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture).TrimEnd()).Append('\n');
}
