using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using PricingCore.Audit;
using PricingCore.AspNetCore.Bodies;
using PricingCore.AspNetCore.Problems;
using PricingCore.Events;
using PricingCore.Explanations;
using PricingCore.Quotes;
using PricingCore.Surge;

namespace PricingCore.AspNetCore.Queries;

/// <summary><c>GET /api/v1/pricing/explain</c>: why a price was what it was, out of the audit log.</summary>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class ExplainEndpoint(EngineSource engines) : IDisposable
{
    private const int MostAtATime = 4; // It reads files, and may wait a second for a record that is on its way there.
    private const int IdDigits = 32;

    private readonly SemaphoreSlim _places = new(MostAtATime);

    /// <summary>Answers a request.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        Problem problem = await AnswerAsync(context).ConfigureAwait(false);
        if (!problem.IsNone)
        {
            await ProblemWriter.WriteAsync(context, problem).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _places.Dispose();

    private async Task<Problem> AnswerAsync(HttpContext context)
    {
        DecisionId? decision = null;
        string request = "";
        if (context.Request.Query.ContainsKey("decision_id"))
        {
            if (!TryParse(context.Request.Query["decision_id"], out DecisionId id))
            {
                return new Problem(ProblemType.InvalidParameter, "decision_id is not one.", "decision_id", "32 hexadecimal digits, once");
            }

            decision = id;
        }
        else if (!QueryText.TryGet(context, "request_id", EventGate.MaxIdLength, out request, out Problem problem))
        {
            return problem;
        }

        if (engines.Find(context) is not { } engine)
        {
            return RefusalProblems.Of(QuoteRefusal.Stopped);
        }

        if (!await _places.WaitAsync(TimeSpan.Zero).ConfigureAwait(false))
        {
            return new Problem(ProblemType.Busy, "As many explanations are looked up as may be at a time.");
        }

        try
        {
            QuoteExplanation? found = await Task.Run(() => decision is { } id ? engine.Explain(id) : engine.Explain(request)).ConfigureAwait(false);
            return found is null
                ? new Problem(
                    ProblemType.NotFound, "The audit log does not have it.", decision is null ? "request_id" : "decision_id",
                    "a request or decision of this engine; quotes are found when they are recorded (AuditOptions.Level)")
                : Write(context, found);
        }
        catch (InvalidOperationException)
        {
            return new Problem(ProblemType.NotConfigured, "There is no audit log to explain from: set PricingOptions.Audit.Directory.");
        }
        catch (AuditException)
        {
            return new Problem(ProblemType.Internal, "The audit log is damaged there: run 'pricing audit verify'.");
        }
        finally
        {
            _places.Release();
        }
    }

    private static Problem Write(HttpContext context, QuoteExplanation explanation)
    {
        context.Response.Headers.CacheControl = "private, max-age=60"; // A decision never changes; the newest quote of an id may.
        JsonAnswer.Write(context, Encoding.UTF8.GetBytes(explanation.ToJson()));
        return default;
    }

    private static bool TryParse(string? text, out DecisionId id)
    {
        id = default;
        if (text?.Length != IdDigits
            || !ulong.TryParse(text.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong high)
            || !ulong.TryParse(text.AsSpan(16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong low))
        {
            return false;
        }

        id = new DecisionId(high, low);
        return true;
    }
}
