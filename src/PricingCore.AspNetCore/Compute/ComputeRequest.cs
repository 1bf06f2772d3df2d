namespace PricingCore.AspNetCore.Compute;

/// <summary>A request for a price, as it was read. Ids are kept where they are in the body, since most are only given back.</summary>
internal struct ComputeRequest
{
    /// <summary>The region.</summary>
    public string RegionId;

    /// <summary>The product; <c>standard</c> unless it was given.</summary>
    public string ProductType;

    /// <summary>The fare without surge in major units; null when it was not given.</summary>
    public decimal? BasePrice;

    /// <summary>The currency that the caller expects; null when it was not given.</summary>
    public string? Currency;

    /// <summary>The request's id in the body.</summary>
    public IdInBody RequestId;

    /// <summary>The user's id in the body.</summary>
    public IdInBody UserId;
}

/// <summary>An id in a body, between its quotes, escapes and all. The default value is none.</summary>
/// <param name="Start">Where it begins.</param>
/// <param name="Length">Bytes; 0 when there is none.</param>
/// <param name="Unescaped">The id itself, where it was written with escapes; else null.</param>
internal readonly record struct IdInBody(int Start, int Length, string? Unescaped)
{
    /// <summary>Whether there is one.</summary>
    public bool IsGiven => Length > 0;

    /// <summary>The bytes as they were sent: valid between quotes in any other JSON.</summary>
    public ReadOnlySpan<byte> Raw(ReadOnlySpan<byte> body) => body.Slice(Start, Length);

    /// <summary>The id as text.</summary>
    public string? Text(ReadOnlySpan<byte> body) => !IsGiven ? null : Unescaped ?? System.Text.Encoding.UTF8.GetString(Raw(body));
}
