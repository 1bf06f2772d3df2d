using System.Globalization;
using System.Text;

namespace PricingCore.Cli.Training;

/// <summary>A date or time of the command line: with an offset, or on the clock of the history's regions.</summary>
/// <param name="Clock">What the clock shows.</param>
/// <param name="Offset">The offset from UTC; null for the regions' clock.</param>
internal sealed record LocalMoment(DateTime Clock, TimeSpan? Offset)
{
    public static bool TryParse(string text, out LocalMoment? moment)
    {
        moment = null;
        if (DateTime.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime date))
        {
            moment = new LocalMoment(date, null);
        }
        else if (TimeText.TryRead(Encoding.UTF8.GetBytes(text), out DateTime clock, out TimeSpan? offset, out _))
        {
            moment = new LocalMoment(clock, offset);
        }

        return moment is not null;
    }

    /// <summary>The moment in UTC.</summary>
    /// <param name="zone">The clock of the history's regions.</param>
    public DateTimeOffset ToUtc(TimeZoneInfo zone)
    {
        TimeSpan offset = Offset ?? zone.GetUtcOffset(zone.IsInvalidTime(Clock) ? Clock.AddHours(-3) : Clock);
        return new DateTimeOffset(DateTime.SpecifyKind(Clock, DateTimeKind.Unspecified), offset).ToUniversalTime();
    }
}
