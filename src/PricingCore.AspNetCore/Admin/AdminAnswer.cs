using Microsoft.AspNetCore.Http;
using PricingCore.AspNetCore.Problems;
using PricingCore.Quotes;

namespace PricingCore.AspNetCore.Admin;

/// <summary>Runs an administrator's request, and answers with the problem if there is one.</summary>
internal static class AdminAnswer
{
    /// <summary>Runs a request.</summary>
    public static async Task RunAsync(HttpContext context, EngineSource engines, Func<PricingEngine, Task<Problem>> answer)
    {
        Problem problem;
        if (engines.Find(context) is { IsRunning: true } engine)
        {
            try
            {
                problem = await answer(engine).ConfigureAwait(false);
            }
            catch (InvalidOperationException refused)
            {
                // What the engine says to an administrator: a ring is full, another roll-out is under way, it has stopped.
                problem = engine.IsRunning ? new Problem(ProblemType.Conflict, refused.Message) : RefusalProblems.Of(QuoteRefusal.Stopped);
            }
        }
        else
        {
            problem = RefusalProblems.Of(QuoteRefusal.Stopped);
        }

        if (!problem.IsNone)
        {
            await ProblemWriter.WriteAsync(context, problem).ConfigureAwait(false);
        }
    }
}
