using PricingCore;
using PricingCore.Events;
using PricingCore.Quotes;
using PricingCore.Rules;

var rules = RuleSet.Parse("""
    {"rules": [{"region_id": "*", "product_type": "*", "base_price": 12.00, "currency": "USD", "formula": "centred", "time_multipliers": {}}]}
    """);
await using var engine = PricingEngine.Start(new PricingOptions { Rules = rules });

DateTimeOffset now = DateTimeOffset.UtcNow;
engine.TryPublish(MarketEvent.SupplyAvailable("midtown", unit: "car-7", now));
for (int booking = 0; booking < 40; booking++) { engine.TryPublish(MarketEvent.Booking("midtown", now)); }

Quote quote = await engine.QuoteAsync(new QuoteRequest("midtown"));
Console.WriteLine($"{quote.Price} ({quote.Multiplier}): {string.Join(", ", quote.Breakdown.Select(line => $"{line.Component} {line.MinorUnits}"))}");
