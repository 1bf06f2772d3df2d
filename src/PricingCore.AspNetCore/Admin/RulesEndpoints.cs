using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using PricingCore.AspNetCore.Bodies;
using PricingCore.AspNetCore.Problems;
using PricingCore.Rules;

namespace PricingCore.AspNetCore.Admin;

/// <summary>The rules over HTTP: get, validate, publish, history, go back.</summary>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class RulesEndpoints(PricingEndpointOptions options, EngineSource engines) : IDisposable
{
    private const string LegalTag = "the ETag of the rules in force, or no If-Match";

    private static readonly string[] RollbackFields = ["version"];

    private readonly RulesDesk _desk = new(options.RulesHistory, options.TimeProvider);

    /// <inheritdoc/>
    public void Dispose() => _desk.Dispose();

    /// <summary><c>GET /api/v1/admin/rules</c>: the rules in force, as a rules file.</summary>
    public Task GetAsync(HttpContext context) => AdminAnswer.RunAsync(context, engines, engine =>
    {
        if (engine.Rules is not { } rules)
        {
            return Task.FromResult(new Problem(ProblemType.NotFound, "No rules are in force: publish some.", "rules", "PUT /api/v1/admin/rules"));
        }

        context.Response.Headers.ETag = EntityTags.Of(rules.Hash);
        context.Response.Headers.CacheControl = "private, no-cache"; // May be kept, but is asked about each time.
        if (EntityTags.IsKnown(context.Request, rules.Hash))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
        }
        else
        {
            JsonAnswer.Write(context, Encoding.UTF8.GetBytes(rules.ToJson()));
        }

        return Task.FromResult<Problem>(default);
    });

    /// <summary><c>POST /api/v1/admin/rules/validate</c>: what would become of rules, without publishing them.</summary>
    public Task ValidateAsync(HttpContext context) => AdminAnswer.RunAsync(context, engines, async _ =>
    {
        (RuleSet? rules, Problem problem) = await ReadAsync(context).ConfigureAwait(false);
        if (rules is not null)
        {
            Describe(context, rules);
        }

        return problem;
    });

    /// <summary><c>PUT /api/v1/admin/rules</c>: publishes rules; answers when every quote follows them.</summary>
    public Task PublishAsync(HttpContext context) => AdminAnswer.RunAsync(context, engines, async engine =>
    {
        (RuleSet? rules, Problem problem) = await ReadAsync(context).ConfigureAwait(false);
        if (rules is null)
        {
            return problem;
        }

        RulesDesk.Change change = await _desk.PublishAsync(engine, rules, IsExpected(context), context.RequestAborted).ConfigureAwait(false);
        return Answer(context, change, rules);
    });

    /// <summary><c>POST /api/v1/admin/rules/rollback</c>: goes back to the rules before, or to a version of the history.</summary>
    public Task RollBackAsync(HttpContext context) => AdminAnswer.RunAsync(context, engines, async engine =>
    {
        string? version = null;
        if (context.Request.ContentLength is not (null or 0))
        {
            (JsonDocument? read, Problem problem) = await FieldReader.ReadAsync(context, options, RollbackFields).ConfigureAwait(false);
            using JsonDocument? body = read;
            if (body is null || !FieldReader.TryGetText(body.RootElement, "version", "a version of the history", isRequired: false, out version, out problem))
            {
                if (!problem.IsNone)
                {
                    return problem;
                }
            }
        }

        RulesDesk.Change change = await _desk.RollBackAsync(engine, version, IsExpected(context), context.RequestAborted).ConfigureAwait(false);
        return Answer(context, change, engine.Rules);
    });

    /// <summary><c>GET /api/v1/admin/rules/history</c>: the rule sets that can be gone back to.</summary>
    public Task HistoryAsync(HttpContext context) => AdminAnswer.RunAsync(context, engines, engine =>
    {
        string? current = engine.Rules?.Hash;
        IReadOnlyList<PublishedRules> history = _desk.Read(engine);
        JsonText.Answer(context, json =>
        {
            json.WriteStartArray("history");
            foreach (PublishedRules published in history)
            {
                json.WriteStartObject();
                WriteFields(json, published.Rules);
                JsonText.WriteTime(json, "since", published.Since);
                json.WriteBoolean("in_force", published.Rules.Hash == current && ReferenceEquals(published, history[0]));
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
        return Task.FromResult<Problem>(default);
    });

    private static Predicate<RuleSet?> IsExpected(HttpContext context) => rules => EntityTags.IsExpected(context.Request, rules?.Hash);

    private static Problem Answer(HttpContext context, RulesDesk.Change change, RuleSet? rules)
    {
        switch (change)
        {
            case RulesDesk.Change.Mismatch:
                return new Problem(ProblemType.VersionMismatch, "Other rules are in force than If-Match names.", "If-Match", LegalTag);
            case RulesDesk.Change.NotFound:
                return new Problem(ProblemType.NotFound, "There are no such rules to go back to.", "version", "a version of GET /api/v1/admin/rules/history");
            default:
                context.Response.Headers.ETag = EntityTags.Of(rules!.Hash);
                Describe(context, rules);
                return default;
        }
    }

    private static void Describe(HttpContext context, RuleSet rules) => JsonText.Answer(context, json => WriteFields(json, rules));

    private static void WriteFields(Utf8JsonWriter json, RuleSet rules)
    {
        json.WriteString("version", rules.Version);
        json.WriteString("hash", rules.Hash);
        json.WriteNumber("rules", rules.Rules.Count);
    }

    private async Task<(RuleSet? Rules, Problem Problem)> ReadAsync(HttpContext context)
    {
        if (!MediaTypes.IsJson(context.Request))
        {
            return (null, MediaTypes.NotJson());
        }

        (ReadOnlySequence<byte> body, Problem problem) = await BodyReader.ReadAsync(context, options.MaxRulesBytes).ConfigureAwait(false);
        if (!problem.IsNone)
        {
            return (null, problem);
        }

        byte[] json = body.ToArray();
        context.Request.BodyReader.AdvanceTo(body.End);
        try
        {
            return (RuleFile.Parse(json), default);
        }
        catch (RuleSetException refused)
        {
            return (null, new Problem(ProblemType.RulesRefused, $"There are {refused.Errors.Count} errors; the rules in force stay.", "rules", "docs/rules.md")
            {
                Parts = [.. refused.Errors.Select(error => new ProblemPart(error.Path, error.Message, error.Line, error.Column))],
            });
        }
    }
}
