using System.Runtime.InteropServices;
using System.Text;
using PricingCore.Replay;

namespace PricingCore.Tests.Engine;

/// <summary>Every field of an answer and every bit of its features, as bytes to compare.</summary>
internal static class AnswerBytes
{
    public static void Append(StringBuilder text, in ReplayAnswer answer)
    {
        text.Append(answer.Refusal).Append('|');
        if (answer.Quote.Decision is { } d)
        {
            text.Append(answer.Quote.Price).Append('|').Append(answer.Quote.BasePrice).Append('|').Append(answer.Quote.ValidUntil.UtcTicks).Append('|')
                .Append(answer.Quote.Cached).Append('|').Append(d.Id).Append('|').Append(d.DecidedAt.UtcTicks).Append('|').Append(d.HoldsUntil.UtcTicks).Append('|')
                .Append(d.Outcome).Append('|').Append(d.Inputs).Append('|').Append(d.Forecast).Append('|').Append(d.ForecastSource).Append('|')
                .Append(d.ModelVersion).Append('|').Append(d.RulesVersion).Append('|').Append(d.RegionId).Append('|').Append(d.ProductType).Append('|')
                .AppendJoin(',', answer.Quote.Breakdown);
        }

        text.Append('|').Append(Convert.ToHexString(MemoryMarshal.AsBytes(answer.Features.Span))).Append('\n');
    }
}
