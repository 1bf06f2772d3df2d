using System.Text.Json;
using Microsoft.AspNetCore.Http;
using PricingCore.AspNetCore.Bodies;
using PricingCore.AspNetCore.Problems;
using PricingCore.Forecasts.Models;
using PricingCore.Forecasts.Rollouts;

namespace PricingCore.AspNetCore.Admin;

/// <summary>The models over HTTP: list, verify, deploy in each way of rolling out, go back.</summary>
/// <threadsafety>Any thread.</threadsafety>
internal sealed class ModelsEndpoints(PricingEndpointOptions options, EngineSource engines)
{
    private const string LegalRollout = "fixed, ab, canary or shadow";

    private static readonly string[] VerifyFields = ["model"];
    private static readonly string[] DeployFields = ["model", "rollout", "percent", "step_seconds"];
    private static readonly string[] RollbackFields = ["reason"];

    private readonly ModelFolder? _folder = options.ModelsDirectory is { } directory ? new ModelFolder(directory) : null;

    private static Problem NotConfigured => new(ProblemType.NotConfigured, "There is no models directory: set PricingEndpointOptions.ModelsDirectory.");

    /// <summary><c>GET /api/v1/admin/models</c>: the packages, and how a roll-out goes.</summary>
    public Task ListAsync(HttpContext context) => AdminAnswer.RunAsync(context, engines, engine =>
    {
        RolloutStatus status = engine.Models.Status;
        IReadOnlyList<string> packages = _folder?.List() ?? [];
        JsonText.Answer(context, json =>
        {
            json.WriteStartArray("packages");
            foreach (string package in packages)
            {
                json.WriteStringValue(package);
            }

            json.WriteEndArray();
            WriteStatus(json, status);
        });
        return Task.FromResult<Problem>(default);
    });

    /// <summary><c>POST /api/v1/admin/models/verify</c>: loads a package and runs its golden rows, without deploying it.</summary>
    public Task VerifyAsync(HttpContext context) => AdminAnswer.RunAsync(context, engines, async engine =>
    {
        (JsonDocument? read, Problem problem) = await FieldReader.ReadAsync(context, options, VerifyFields).ConfigureAwait(false);
        using JsonDocument? body = read;
        if (body is null || !TryFind(body.RootElement, out string path, out problem))
        {
            return problem;
        }

        return await GuardAsync(async () =>
        {
            ModelManifest manifest = await Task.Run(() =>
            {
                ModelPackage package = ModelPackage.Load(path);
                OnnxForecaster.Load(package, engine.Schema).Dispose();
                return package.Manifest;
            }).ConfigureAwait(false);
            JsonText.Answer(context, json =>
            {
                json.WriteString("model_version", manifest.ModelVersion);
                json.WriteString("status", "fit");
                json.WriteString("sha256", manifest.Graph.Sha256);
                json.WriteNumber("golden_rows", manifest.Golden.Rows);
                json.WriteStartArray("horizons_minutes");
                foreach (int horizon in manifest.HorizonsMinutes)
                {
                    json.WriteNumberValue(horizon);
                }

                json.WriteEndArray();
            });
        }).ConfigureAwait(false);
    });

    /// <summary><c>POST /api/v1/admin/models/deploy</c>: begins to roll a package out; answers when every loop follows the first step.</summary>
    public Task DeployAsync(HttpContext context) => AdminAnswer.RunAsync(context, engines, async engine =>
    {
        (JsonDocument? read, Problem problem) = await FieldReader.ReadAsync(context, options, DeployFields).ConfigureAwait(false);
        using JsonDocument? body = read;
        if (body is null || !TryFind(body.RootElement, out string path, out problem) || !TryReadRollout(body.RootElement, out Rollout? rollout, out problem))
        {
            return problem;
        }

        return await GuardAsync(async () =>
        {
            ModelPackage package = await Task.Run(() => ModelPackage.Load(path)).ConfigureAwait(false);
            await engine.Models.DeployAsync(package, rollout!, context.RequestAborted).ConfigureAwait(false);
            JsonText.Answer(context, json => WriteStatus(json, engine.Models.Status));
        }).ConfigureAwait(false);
    });

    /// <summary><c>POST /api/v1/admin/models/rollback</c>: goes back at once, from a candidate to the running model, else to the model before.</summary>
    public Task RollBackAsync(HttpContext context) => AdminAnswer.RunAsync(context, engines, async engine =>
    {
        string? reason = null;
        if (context.Request.ContentLength is not (null or 0))
        {
            (JsonDocument? read, Problem problem) = await FieldReader.ReadAsync(context, options, RollbackFields).ConfigureAwait(false);
            using JsonDocument? body = read;
            _ = body is not null && FieldReader.TryGetText(body.RootElement, "reason", "a text", isRequired: false, out reason, out problem);
            if (!problem.IsNone)
            {
                return problem;
            }
        }

        await engine.Models.RollBackAsync(reason ?? "asked for over HTTP").ConfigureAwait(false);
        JsonText.Answer(context, json => WriteStatus(json, engine.Models.Status));
        return default;
    });

    private static void WriteStatus(Utf8JsonWriter json, RolloutStatus status)
    {
        json.WriteString("stable_version", status.StableVersion);
        json.WriteString("candidate_version", status.CandidateVersion);
        json.WriteString("previous_version", status.PreviousVersion);
        json.WriteString("rollout", status.Kind is { } kind ? JsonText.Word(kind) : null);
        json.WriteNumber("candidate_percent", status.CandidatePercent);
        json.WriteNumber("candidate_requests", status.CandidateRequests);
        json.WriteNumber("candidate_error_rate", status.CandidateErrorRate);
        json.WriteNumber("candidate_latency_p99_ms", status.CandidateLatency99.TotalMilliseconds);
        json.WriteString("rollback_reason", status.RollbackReason);
        if (status.Prices is { } prices)
        {
            json.WriteStartObject("prices");
            json.WriteNumber("decisions", prices.Decisions);
            json.WriteNumber("changed_share", prices.ChangedShare);
            json.WriteNumber("mean_change", prices.MeanChange);
            json.WriteNumber("mean_absolute_change", prices.MeanAbsoluteChange);
            json.WriteNumber("largest_absolute_change", prices.LargestAbsoluteChange);
            json.WriteEndObject();
        }
    }

    private bool TryFind(JsonElement body, out string path, out Problem problem)
    {
        path = "";
        if (_folder is null)
        {
            problem = NotConfigured;
            return false;
        }

        if (!FieldReader.TryGetText(body, "model", ModelFolder.Legal, isRequired: true, out string? model, out problem))
        {
            return false;
        }

        path = _folder.Find(model!) ?? "";
        problem = path.Length > 0 ? default : new Problem(ProblemType.NotFound, "There is no such package.", "model", ModelFolder.Legal);
        return path.Length > 0;
    }

    private static bool TryReadRollout(JsonElement body, out Rollout? rollout, out Problem problem)
    {
        rollout = null;
        if (!FieldReader.TryGetText(body, "rollout", LegalRollout, isRequired: false, out string? kind, out problem) && !problem.IsNone)
        {
            return false;
        }

        if (!TryGetNumber(body, "percent", 1, 99, 50, out int percent, out problem) || !TryGetNumber(body, "step_seconds", 1, 604_800, 600, out int seconds, out problem))
        {
            return false;
        }

        rollout = kind switch
        {
            null or "fixed" => Rollout.Fixed,
            "ab" => Rollout.AB(percent),
            "shadow" => Rollout.Shadow,
            "canary" => Rollout.Canary with { StepDuration = TimeSpan.FromSeconds(seconds) },
            _ => null,
        };
        problem = rollout is null ? new Problem(ProblemType.OutOfRange, "There is no such way of rolling out.", "rollout", LegalRollout) : default;
        return rollout is not null;
    }

    private static bool TryGetNumber(JsonElement body, string name, int least, int most, int standard, out int number, out Problem problem)
    {
        problem = default;
        number = standard;
        if (!body.TryGetProperty(name, out JsonElement value))
        {
            return true;
        }

        bool isLegal = value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out number) && number >= least && number <= most;
        problem = isLegal ? default : new Problem(ProblemType.OutOfRange, $"{name} is not such a number.", name, $"a whole number from {least} to {most}");
        return isLegal;
    }

    private static async Task<Problem> GuardAsync(Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
            return default;
        }
        catch (ModelRefusedException refused)
        {
            return new Problem(ProblemType.ModelRefused, "A running model stays as it is.", "model", "docs/models.md")
            {
                Parts = [.. refused.Refusals.Select(refusal => new ProblemPart(refusal.File, $"{refusal.Problem} {refusal.Remedy}"))],
            };
        }
    }
}
