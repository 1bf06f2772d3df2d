using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using PricingCore.Audit;
using PricingCore.AspNetCore.Tests.Compute;
using PricingCore.AspNetCore.Tests.Events;
using PricingCore.Tests.Conventions;
using PricingCore.Tokens;

namespace PricingCore.AspNetCore.Tests.Docs;

/// <summary>
/// Goal: the OpenAPI document says what the server does.
/// Method: its paths are those that are mapped, and answers of a real server, good and bad, fit the schemas that it gives for their status.
/// Control: with <c>cached</c> taken out of the document the second test fails.
/// </summary>
public sealed class OpenApiTests
{
    [Fact]
    public async Task Document_HasThePathsThatAreMapped()
    {
        await using PricingServer server = await PricingServer.StartAsync();
        (_, JsonElement document) = await server.GetAsync("/openapi.json");

        string[] documented = [.. document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(method => $"{method.Name.ToUpperInvariant()} {path.Name}")).Order()];
        string[] mapped = [.. server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(method => $"{method} {endpoint.RoutePattern.RawText}")).Order()];

        Assert.Equal(mapped, documented);
    }

    [Fact]
    public async Task Answers_FitTheDocument()
    {
        string folder = Directory.CreateTempSubdirectory("pricingcore-openapi").FullName;
        try
        {
            await using PricingServer server = await PricingServer.StartAsync(
                options =>
                {
                    options.Signing = new SigningOptions { Keys = ComputeEndpointTests.Keys() };
                    options.Audit = new AuditOptions { Directory = folder, Level = AuditLevel.Quote };
                },
                options => options.ModelsDirectory = Path.Combine(Repository.Root, "models"));
            (_, JsonElement document) = await server.GetAsync("/openapi.json");
            (_, JsonElement price) = await server.PostAsync("/api/v1/pricing/compute", """{"request_id":"r","region_id":"a"}""");
            string token = price.GetProperty("quote_token").GetString()!;
            string booking = EventsEndpointTests.Booking("a");
            (string Method, string Path, string? Body, int Status)[] calls =
            [
                ("POST", "/api/v1/pricing/compute", """{"region_id":"a","base_price":7.5}""", 200),
                ("POST", "/api/v1/pricing/compute", """{"region_id":7}""", 400),
                ("POST", "/api/v1/pricing/compute", """{"request_id":"r","region_id":"b"}""", 409),
                ("POST", "/api/v1/pricing/compute/batch", """[{"region_id":"a"},{"region_id":7}]""", 200),
                ("POST", "/api/v1/pricing/compute/batch", "[]", 422),
                ("GET", "/api/v1/pricing/explain?request_id=r", null, 200),
                ("GET", "/api/v1/pricing/explain?request_id=never", null, 404),
                ("POST", "/api/v1/events", booking, 202),
                ("POST", "/api/v1/events", $"[{booking},7]", 207),
                ("POST", "/api/v1/events", "[7,8]", 400),
                ("GET", "/api/v1/forecast/demand?region_id=a", null, 200),
                ("GET", "/api/v1/forecast/demand?region_id=never", null, 404),
                ("POST", "/api/v1/quotes/redeem", $$"""{"quote_token":"{{token}}","redemption_id":"b"}""", 200),
                ("POST", "/api/v1/quotes/redeem", $$"""{"quote_token":"{{token}}","redemption_id":"c"}""", 409),
                ("GET", "/api/v1/admin/rules", null, 200),
                ("PUT", "/api/v1/admin/rules", PricingServer.Rules, 200),
                ("PUT", "/api/v1/admin/rules", """{"rules":[{"region_id":"*"}]}""", 422),
                ("POST", "/api/v1/admin/rules/validate", PricingServer.Rules, 200),
                ("GET", "/api/v1/admin/rules/history", null, 200),
                ("POST", "/api/v1/admin/rules/rollback", "{}", 404),
                ("GET", "/api/v1/admin/models", null, 200),
                ("POST", "/api/v1/admin/models/verify", """{"model":"never/1.0.0"}""", 404),
                ("POST", "/api/v1/admin/models/rollback", "{}", 409),
                ("GET", "/api/v1/admin/status", null, 200),
                ("GET", "/api/v1/admin/quality?worst=5", null, 200),
                ("GET", "/api/v1/admin/quality?worst=1001", null, 400),
                ("GET", "/healthz", null, 200),
                ("GET", "/readyz", null, 200),
            ];

            var schemas = new JsonSchema(document);
            foreach ((string method, string path, string? body, int expected) in calls)
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
                (HttpStatusCode status, JsonElement json) = await server.SendAsync(request);
                Assert.True(expected == (int)status, $"{method} {path}: {(int)status} {json}");

                IReadOnlyList<string> errors = schemas.Check(json, SchemaOf(schemas, document, method, path, expected));
                Assert.True(errors.Count == 0, $"{method} {path} {expected}:\n{string.Join('\n', errors)}\n{json}");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static JsonElement SchemaOf(JsonSchema schemas, JsonElement document, string method, string path, int status)
    {
        JsonElement response = document.GetProperty("paths").GetProperty(path.Split('?')[0]).GetProperty(method.ToLowerInvariant())
            .GetProperty("responses").GetProperty(status.ToString(CultureInfo.InvariantCulture));
        response = response.TryGetProperty("$ref", out JsonElement reference) ? schemas.Resolve(reference.GetString()!) : response;
        return response.GetProperty("content").EnumerateObject().Single().Value.GetProperty("schema");
    }
}
