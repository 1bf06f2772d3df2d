namespace PricingCore.Events.Json;

/// <summary>Why a line cannot be used: a word of <see cref="RejectReason"/>, and a sentence that says what to do.</summary>
internal readonly record struct Problem(string Reason, string Detail);
