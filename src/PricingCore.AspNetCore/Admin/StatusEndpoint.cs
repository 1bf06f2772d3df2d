using Microsoft.AspNetCore.Http;
using PricingCore.AspNetCore.Bodies;
using PricingCore.Events;
using PricingCore.Events.Json;
using Problem = PricingCore.AspNetCore.Problems.Problem;

namespace PricingCore.AspNetCore.Admin;

/// <summary><c>GET /api/v1/admin/status</c>: counters, journal and audit log.</summary>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class StatusEndpoint(EngineSource engines)
{
    /// <summary>Answers a request.</summary>
    public Task InvokeAsync(HttpContext context) => AdminAnswer.RunAsync(context, engines, engine =>
    {
        context.Response.Headers.CacheControl = "no-store";
        EngineStatistics counted = engine.Statistics;
        JsonText.Answer(context, json =>
        {
            json.WriteBoolean("running", engine.IsRunning);
            json.WriteString("rules_version", engine.Rules?.Version);
            json.WriteStartObject("events");
            json.WriteNumber("accepted", counted.Accepted);
            json.WriteNumber("applied", counted.Applied);
            json.WriteNumber("duplicates", counted.Duplicates);
            json.WriteNumber("late", counted.Late);
            json.WriteStartObject("rejected");
            foreach ((Rejection reason, long count) in counted.Rejected)
            {
                json.WriteNumber(RejectReason.Of(reason), count);
            }

            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteNumber("regions", counted.Regions);
            json.WriteNumber("decisions", counted.Decisions);
            json.WriteNumber("fallbacks", counted.Fallbacks);
            json.WriteNumber("stale_decisions", counted.StaleDecisions);
            json.WriteNumber("demand_spikes", counted.DemandSpikes);
            json.WriteStartObject("journal");
            json.WriteBoolean("written", engine.WritesJournal);
            json.WriteString("failure", engine.JournalFailure);
            json.WriteNumber("recovered_records", engine.Recovery.Records);
            json.WriteNumber("decisions_confirmed", engine.Recovery.DecisionsConfirmed);
            json.WriteNumber("bytes_cut", engine.Recovery.BytesCut);
            json.WriteString("difference", engine.Recovery.Difference);
            json.WriteEndObject();
            json.WriteStartObject("audit");
            json.WriteBoolean("written", engine.WritesAudit);
            json.WriteBoolean("failing", engine.IsAuditFailing);
            json.WriteEndObject();
        });
        return Task.FromResult<Problem>(default);
    });
}
