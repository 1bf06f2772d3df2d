namespace PricingCore.AspNetCore.Problems;

/// <summary>A kind of problem, as clients see it: its <c>type</c> never changes.</summary>
/// <param name="Name">The last part of the type, in words joined by hyphens.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Title">The same sentence for every problem of this type.</param>
/// <threadsafety>Immutable.</threadsafety>
internal sealed record ProblemType(string Name, int Status, string Title)
{
    public static readonly ProblemType MalformedJson = new("malformed-json", 400, "The body is not the JSON that was expected.");
    public static readonly ProblemType InvalidUtf8 = new("invalid-utf8", 400, "The body is not UTF-8 text.");
    public static readonly ProblemType TooDeep = new("too-deep", 400, "The JSON is nested too deeply.");
    public static readonly ProblemType WrongType = new("wrong-type", 400, "A field has the wrong type.");
    public static readonly ProblemType UnknownField = new("unknown-field", 400, "There is a field that is not known.");
    public static readonly ProblemType RepeatedField = new("repeated-field", 400, "A field is given twice.");
    public static readonly ProblemType MissingField = new("missing-field", 400, "A field is missing.");
    public static readonly ProblemType InvalidParameter = new("invalid-parameter", 400, "A parameter of the address is wrong.");
    public static readonly ProblemType IncompleteBody = new("incomplete-body", 400, "The body ended early.");
    public static readonly ProblemType Unauthenticated = new("unauthenticated", 401, "A credential is needed, or the one that came is not right.");
    public static readonly ProblemType Forbidden = new("forbidden", 403, "The credential does not allow this.");
    public static readonly ProblemType UnknownRegion = new("unknown-region", 404, "The region is not known.");
    public static readonly ProblemType NotFound = new("not-found", 404, "There is no such thing.");
    public static readonly ProblemType RequestIdReused = new("request-id-reused", 409, "The request id was used for another request.");
    public static readonly ProblemType Conflict = new("conflict", 409, "That cannot be done now.");
    public static readonly ProblemType NotRedeemable = new("not-redeemable", 409, "The quote cannot be redeemed.");
    public static readonly ProblemType VersionMismatch = new("version-mismatch", 412, "Somebody else has changed it.");
    public static readonly ProblemType BodyTooLarge = new("body-too-large", 413, "The body is too large.");
    public static readonly ProblemType UnsupportedMediaType = new("unsupported-media-type", 415, "The body's media type is not one of those that are read here.");
    public static readonly ProblemType OutOfRange = new("out-of-range", 422, "A value is outside its range.");
    public static readonly ProblemType NoRule = new("no-rule", 422, "No pricing rule covers the region and product.");
    public static readonly ProblemType TooManyProducts = new("too-many-products", 422, "The product is new, and there are as many as allowed.");
    public static readonly ProblemType CurrencyMismatch = new("currency-mismatch", 422, "The rule prices in another currency.");
    public static readonly ProblemType RulesRefused = new("rules-refused", 422, "The rules were refused as a whole.");
    public static readonly ProblemType ModelRefused = new("model-refused", 422, "The model package was refused.");
    public static readonly ProblemType EventsRefused = new("events-refused", 422, "None of the events was taken.");
    public static readonly ProblemType NotConfigured = new("not-configured", 501, "This engine is not set up for that.");
    public static readonly ProblemType Busy = new("busy", 429, "The engine is busy: try again.");
    public static readonly ProblemType RateLimited = new("rate-limited", 429, "Too many requests: wait as long as Retry-After says.");
    public static readonly ProblemType TooManyStreams = new("too-many-streams", 429, "As many streams are open as allowed.");
    public static readonly ProblemType StorageUnavailable = new("storage-unavailable", 503, "The disk cannot be written, so nothing can be made durable.");
    public static readonly ProblemType Stopped = new("stopped", 503, "The engine does not run.");
    public static readonly ProblemType Internal = new("internal", 500, "Something went wrong here; the log says what.");

    /// <summary>Every type, for the document.</summary>
    public static IReadOnlyList<ProblemType> All { get; } =
    [
        MalformedJson, InvalidUtf8, TooDeep, WrongType, UnknownField, RepeatedField, MissingField, InvalidParameter, IncompleteBody, Unauthenticated, Forbidden,
        UnknownRegion, NotFound,
        RequestIdReused, Conflict, NotRedeemable, VersionMismatch, BodyTooLarge, UnsupportedMediaType, OutOfRange, NoRule, TooManyProducts, CurrencyMismatch,
        RulesRefused, ModelRefused, EventsRefused, NotConfigured, Busy, RateLimited, TooManyStreams, StorageUnavailable, Stopped, Internal,
    ];

    /// <summary>The <c>type</c> of a problem.</summary>
    public string Uri { get; } = "urn:pricingcore:problem:" + Name;

    /// <summary>Whether the same request may succeed a little later.</summary>
    public bool IsTemporary => Status is 429 or 503;
}
