namespace PricingCore.AspNetCore;

/// <summary>What becomes of a request with a field that is not known.</summary>
public enum UnknownFields
{
    /// <summary>It is refused, so that a misspelt field cannot be overlooked.</summary>
    Refuse = 0,

    /// <summary>The field is ignored, so that newer clients can talk to older servers.</summary>
    Ignore = 1,
}
