using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using PricingCore.Cli.Replay;
using PricingCore.Cli.Training;
using PricingCore.Features;
using PricingCore.Forecasts.Models;
using PricingCore.Forecasts.Onnx;

namespace PricingCore.Cli.Models;

/// <summary>One run of <c>pricing model</c>.</summary>
internal sealed class ModelJob(string path, bool isJson, TextWriter output)
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Prints what a package says of itself; a rejected model may be looked at, too.</summary>
    public int Inspect()
    {
        ModelPackage package;
        try
        {
            package = Load(allowRejected: true);
        }
        catch (ModelRefusedException exception)
        {
            return Refuse(exception);
        }

        output.WriteLine(isJson ? package.Manifest.ToJson() : ModelText.Of(package));
        return ExitCode.Ok;
    }

    /// <summary>Loads the model as the engine does.</summary>
    public int Verify(string? schemaFile)
    {
        string ofPackage = Path.Combine(path, SchemaChoice.FileInPackage);
        FeatureSchema schema = schemaFile is not null ? ReplayJob.LoadSchema(schemaFile)
            : File.Exists(ofPackage) ? SchemaChoice.Load(ofPackage).Schema
            : FeatureSchema.Mobility;
        var log = new LoadNotes();
        try
        {
            ModelPackage package = Load(allowRejected: false);
            using OnnxForecaster forecaster = OnnxForecaster.Load(package, schema, log);
            Report(package, forecaster, log.Lines);
            return ExitCode.Ok;
        }
        catch (ModelRefusedException exception)
        {
            return Refuse(exception);
        }
    }

    private ModelPackage Load(bool allowRejected)
    {
        if (!File.Exists(path) && !Directory.Exists(path))
        {
            throw new CommandFailedException($"there is no {path}; give the folder or the zip of a model package") { ExitCode = ExitCode.WrongUsage };
        }

        return ModelPackage.Load(path, allowRejected);
    }

    private void Report(ModelPackage package, OnnxForecaster forecaster, IReadOnlyList<string> notes)
    {
        string runtime = forecaster.Runtime == ModelRuntime.CompiledTrees ? "compiled trees" : "ONNX Runtime";
        if (!isJson)
        {
            output.WriteLine($"{forecaster.ModelVersion} is accepted: files, manifest, schema '{package.Manifest.Schema.Name}' and {package.Manifest.Golden.Rows} golden rows are right.");
            foreach (string note in notes)
            {
                output.WriteLine(note);
            }

            return;
        }

        Write(new JsonObject
        {
            ["accepted"] = true,
            ["model"] = forecaster.ModelVersion,
            ["schema"] = package.Manifest.Schema.Name,
            ["horizons_minutes"] = new JsonArray([.. forecaster.HorizonsMinutes.Select(horizon => (JsonNode)horizon)]),
            ["golden_rows"] = package.Manifest.Golden.Rows,
            ["runs_as"] = runtime,
            ["onnx_runtime"] = OnnxRuntimeLibrary.Version,
            ["onnx_runtime_file"] = OnnxRuntimeLibrary.LoadedFrom,
            ["notes"] = new JsonArray([.. notes.Select(note => (JsonNode)note)]),
            ["refusals"] = new JsonArray(),
        });
    }

    private int Refuse(ModelRefusedException exception)
    {
        if (!isJson)
        {
            throw new CommandFailedException($"{path}: refused for {exception.Refusals.Count} reason(s)")
            {
                Errors = [.. exception.Refusals.Select(refusal => refusal.ToString())],
            };
        }

        Write(new JsonObject
        {
            ["accepted"] = false,
            ["refusals"] = new JsonArray([.. exception.Refusals.Select(refusal => (JsonNode)new JsonObject
            {
                ["file"] = refusal.File,
                ["problem"] = refusal.Problem,
                ["remedy"] = refusal.Remedy,
            })]),
        });
        return ExitCode.Failed;
    }

    private void Write(JsonObject json) => output.WriteLine(json.ToJsonString(Format));
}
