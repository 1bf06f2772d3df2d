using PricingCore.Tests;
using PricingCore.Tests.Conventions;
using YamlDotNet.RepresentationModel;

namespace PricingCore.Sidecar.Tests;

/// <summary>
/// Goal: the files that run the sidecar fit the program: their paths, ports, options and limits are what it has.
/// Method: they are parsed, and what they configure is loaded as the program loads it. No container engine is needed.
/// </summary>
public sealed class DeployFileTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    private static string Deploy => Path.Combine(Repository.Root, "deploy");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ExampleConfiguration_IsRight() => Assert.Empty(ProblemsOf(File.ReadAllText(Path.Combine(Deploy, "pricing.json"))));

    [Fact]
    public void Kubernetes_HasProbesLimitsAndARightConfiguration()
    {
        YamlMappingNode[] documents = Documents(Path.Combine(Deploy, "kubernetes", "sidecar.yaml"));
        YamlNode configuration = documents.Single(document => Text(document, "kind") == "ConfigMap")["data"]["pricing.json"];
        Assert.Empty(ProblemsOf(((YamlScalarNode)configuration).Value!));

        YamlNode pod = documents.Single(document => Text(document, "kind") == "StatefulSet")["spec"]["template"]["spec"];
        var sidecar = (YamlMappingNode)((YamlSequenceNode)pod["initContainers"]).Single();
        Assert.Equal("Always", Text(sidecar, "restartPolicy"));
        Assert.All(new[] { "startupProbe", "readinessProbe", "livenessProbe" }, probe => Assert.Equal("pricing-admin", Text(sidecar[probe]["httpGet"], "port")));
        Assert.Equal("8081", Text(((YamlSequenceNode)sidecar["ports"]).Single(), "containerPort"));
        Assert.Equal("512Mi", Text(sidecar["resources"]["limits"], "memory"));
        Assert.Equal("true", Text(sidecar["securityContext"], "readOnlyRootFilesystem"));
        Assert.Equal("true", Text(pod["securityContext"], "runAsNonRoot"));

        // DrainDelay 5 s, DrainTimeout 25 s, and ten seconds around them.
        Assert.True(int.Parse(Text(pod, "terminationGracePeriodSeconds"), System.Globalization.CultureInfo.InvariantCulture) >= 40);
    }

    [Fact]
    public void Dockerfile_BuildsInStagesAndRunsAsAUserWithAHealthCheck()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Deploy, "Dockerfile"));

        Assert.Equal(2, lines.Count(line => line.StartsWith("FROM ", StringComparison.Ordinal)));
        Assert.Contains("USER 1654", lines);
        Assert.Contains(lines, line => line.StartsWith("HEALTHCHECK ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("\"--probe\"", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains(":latest", StringComparison.Ordinal));
        string published = lines.Single(line => line.Contains("dotnet publish ", StringComparison.Ordinal)).Split(' ')[3];
        Assert.True(Directory.Exists(Path.Combine(Repository.Root, published)), published);
        string program = lines.Single(line => line.StartsWith("ENTRYPOINT ", StringComparison.Ordinal));
        Assert.Contains($"/{typeof(SidecarProcess).Assembly.GetName().Name}\"", program, StringComparison.Ordinal);
        string copied = lines.Single(line => line.StartsWith("COPY --from=build --chown", StringComparison.Ordinal)).Split(' ')[3]["/source/".Length..];
        Assert.True(Directory.Exists(Path.Combine(Repository.Root, copied)), copied);
    }

    [Fact]
    public async Task SystemdUnit_IsRight()
    {
        string unit = Path.Combine(Deploy, "systemd", "pricingcore.service");
        string text = File.ReadAllText(unit);
        Assert.Contains($"RestartPreventExitStatus={SidecarProcess.WrongConfiguration}\n", text, StringComparison.Ordinal);
        if (!File.Exists("/usr/bin/systemd-analyze"))
        {
            return;
        }

        // Programs in the unit need not be on this machine: any that is does.
        string copy = _folder.At("pricingcore.service");
        File.WriteAllText(copy, text.Replace("/usr/bin/dotnet", "/bin/true", StringComparison.Ordinal));
        Finished check = await Finished.RunAsync("systemd-analyze", ["verify", copy]);
        Assert.True(check.Code == 0, check.Output);
        Assert.DoesNotContain("pricingcore.service", check.Output, StringComparison.Ordinal);
    }

    private IReadOnlyList<string> ProblemsOf(string json)
    {
        File.WriteAllText(_folder.At("pricing.json"), json);
        var configuration = SidecarConfiguration.Load(SidecarArguments.Parse(["--config", _folder.At("pricing.json")], out _));
        EmbeddedDefaults.ForgetMissing(configuration.Root);
        Microsoft.AspNetCore.Builder.WebApplication application = SidecarApplication.Build(configuration);
        return [.. configuration.Problems, .. SidecarProcess.FindEngineProblems(application)];
    }

    private static YamlMappingNode[] Documents(string file)
    {
        var stream = new YamlStream();
        using var reader = new StreamReader(file);
        stream.Load(reader);
        return [.. stream.Documents.Select(document => (YamlMappingNode)document.RootNode)];
    }

    private static string Text(YamlNode node, string key) => ((YamlScalarNode)node[key]).Value!;
}
