namespace PricingCore.Events.Json;

/// <summary>The fields of an event in JSON Lines.</summary>
internal enum JsonEventField
{
    Type,
    Region,
    OccurredAt,
    ReceivedAt,
    User,
    Unit,
    Product,
    Key,
    Value,
    Values,
    Unknown,
}
