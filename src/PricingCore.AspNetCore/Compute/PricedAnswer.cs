using PricingCore.Quotes;

namespace PricingCore.AspNetCore.Compute;

/// <summary>What is answered to a request, less what is of the call alone: its id, its trace, its duration.</summary>
/// <param name="Quote">The quote, without its request's texts where nobody needs them.</param>
/// <param name="Token">The signed quote; null when quotes are not signed.</param>
internal readonly record struct PricedAnswer(Quote Quote, string? Token);
