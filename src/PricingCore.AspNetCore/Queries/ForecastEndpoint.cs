using Microsoft.AspNetCore.Http;
using PricingCore.AspNetCore.Bodies;
using PricingCore.AspNetCore.Problems;
using PricingCore.Events;
using PricingCore.Quotes;

namespace PricingCore.AspNetCore.Queries;

/// <summary><c>GET /api/v1/forecast/demand</c>: the demand that is expected of a region.</summary>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class ForecastEndpoint(EngineSource engines)
{
    private const int StandardHorizon = 15;

    /// <summary>Answers a request.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        Problem problem = await AnswerAsync(context).ConfigureAwait(false);
        if (!problem.IsNone)
        {
            await ProblemWriter.WriteAsync(context, problem).ConfigureAwait(false);
        }
    }

    private async Task<Problem> AnswerAsync(HttpContext context)
    {
        if (!QueryText.TryGet(context, "region_id", EventGate.MaxNameLength, out string region, out Problem problem)
            || !QueryText.TryGetNumber(context, "horizon", 1, DemandForecast.MaxHorizonMinutes, StandardHorizon, out int horizon, out problem))
        {
            return problem;
        }

        if (engines.Find(context) is not { IsRunning: true } engine)
        {
            return RefusalProblems.Of(QuoteRefusal.Stopped);
        }

        try
        {
            DemandForecast forecast = await engine.ForecastAsync(region, horizon, context.RequestAborted).ConfigureAwait(false);
            context.Response.Headers.CacheControl = "private, max-age=1"; // The next tick may change it.
            Write(context, forecast);
            return default;
        }
        catch (ArgumentOutOfRangeException)
        {
            return new Problem(
                ProblemType.OutOfRange, "No deployed model predicts so far ahead, or it had no answer in time.", "horizon", "a horizon of the model; the baseline goes up to 60 minutes");
        }
        catch (ArgumentException)
        {
            return new Problem(ProblemType.UnknownRegion, "No event of the region has come, and it is not in the list.", "region_id", "a region that the engine knows");
        }
        catch (InvalidOperationException)
        {
            return RefusalProblems.Of(engine.IsRunning ? QuoteRefusal.Busy : QuoteRefusal.Stopped);
        }
    }

    private static void Write(HttpContext context, DemandForecast forecast) => JsonText.Answer(context, json =>
    {
        json.WriteString("region_id", forecast.RegionId);
        json.WriteNumber("horizon_minutes", forecast.Forecast.HorizonMinutes);
        JsonText.WriteTime(json, "as_of", forecast.AsOf);
        QuoteJson.WriteNumber(json, "expected_demand"u8, forecast.Forecast.ExpectedDemand);
        QuoteJson.WriteNumber(json, "low"u8, forecast.Forecast.Low);
        QuoteJson.WriteNumber(json, "high"u8, forecast.Forecast.High);
        QuoteJson.WriteNumber(json, "demand_score"u8, forecast.Forecast.DemandScore);
        QuoteJson.WriteNumber(json, "confidence"u8, forecast.Forecast.Confidence);
        json.WriteString("source", JsonText.Word(forecast.Source));
        json.WriteString("model_version", forecast.ModelVersion);
    });
}
