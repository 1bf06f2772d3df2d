using PricingCore;
using PricingCore.Events;
using PricingCore.Money;
using PricingCore.Quotes;
using PricingCore.Rules;

var fare = new PricingRule { BasePrice = Amount.FromMajor(12.00m, Currency.FromCode("USD")), IncrementMinorUnits = 25 };
await using var engine = PricingEngine.Start(new PricingOptions { Rules = new RuleSet([fare]) });

DateTimeOffset now = DateTimeOffset.UtcNow;
engine.TryPublish(MarketEvent.SupplyAvailable("midtown", unit: "car-7", now));
for (int booking = 0; booking < 40; booking++)
{
    engine.TryPublish(MarketEvent.Booking("midtown", now));
}

Quote quote = await engine.QuoteAsync(new QuoteRequest("midtown"));
Console.WriteLine($"{quote.Price} ({quote.Multiplier}) = {string.Join(" + ", quote.Breakdown)}");
