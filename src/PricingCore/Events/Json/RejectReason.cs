using System.Text;

namespace PricingCore.Events.Json;

/// <summary>The words that a rejects file uses; docs/replay.md explains each.</summary>
internal static class RejectReason
{
    public const string LineTooLong = "line_too_long";
    public const string InvalidUtf8 = "invalid_utf8";
    public const string InvalidJson = "invalid_json";
    public const string InvalidCsv = "invalid_csv";
    public const string UnknownField = "unknown_field";
    public const string RepeatedField = "repeated_field";
    public const string WrongType = "wrong_type";
    public const string MissingField = "missing_field";
    public const string UnknownKind = "unknown_kind";
    public const string InvalidTime = "invalid_time";
    public const string TimeWithoutOffset = "time_without_offset";
    public const string TimeOutOfRange = "time_out_of_range";
    public const string TimeLeap = "time_leap";
    public const string InvalidNumber = "invalid_number";
    public const string NumberOutOfRange = "number_out_of_range";
    public const string InvalidTrip = "invalid_trip";
    public const string TooManyOpen = "too_many_open";
    public const string BrokenFile = "broken_file";
    public const string RepeatedBucket = "repeated_bucket";

    /// <summary>The engine's own reasons in snake_case, for example <c>unknown_region</c>.</summary>
    private static readonly string[] OfEngine = [.. Enum.GetValues<Rejection>().Select(reason => SnakeCase(reason.ToString()))];

    public static string Of(Rejection rejection) => OfEngine[(int)rejection];

    /// <summary>What the reader of a rejects file can do about a refusal of the engine.</summary>
    public static string Explain(Rejection rejection) => rejection switch
    {
        Rejection.UnknownRegion => "the region is not in the --regions file",
        Rejection.InvalidRegion => "a region id takes 1 to 64 characters; \"*\" is for weather, traffic, city events and holidays only",
        Rejection.InvalidProduct => "a product takes 1 to 64 characters, and there is a limit of products",
        Rejection.InvalidId => "a user, unit or idempotency key takes 1 to 128 characters",
        Rejection.TooOld => "it happened more than 15 minutes before it was received",
        Rejection.InFuture => "it happened more than 5 seconds after it was received: check time zones",
        Rejection.MissingUnit => "supply needs a unit_id, or a value in its place",
        Rejection.MissingValue => "the kind needs a value",
        Rejection.OutOfRange => "a number is outside the range of its kind",
        Rejection.ReservedKind => "the kind is made by the engine only",
        Rejection.Duplicate => "an event with the same idempotency key was taken within the last ten minutes",
        Rejection.Busy => "the memory of idempotency keys is full",
        _ => "refused by the engine",
    };

    public static string SnakeCase(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        foreach (char c in name)
        {
            if (char.IsUpper(c) && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }
}
