namespace PricingCore.AspNetCore.Compute;

/// <summary>The fields of a request for a price.</summary>
internal enum ComputeField
{
    RequestId,
    RegionId,
    ProductType,
    BasePrice,
    Currency,
    UserId,
    Unknown,
}
