namespace PricingCore.Tests.Conventions;

/// <summary>
/// Goal: the public API changes only on purpose.
/// Method: write it as text and compare with PublicApi.txt. With PRICINGCORE_ACCEPT_API=1 the file is rewritten instead.
/// </summary>
public sealed class PublicApiTests
{
    private const string AcceptVariable = "PRICINGCORE_ACCEPT_API";

    [Fact]
    public void PublicApi_IsTheApprovedOne()
    {
        string approvedFile = Path.Combine(Repository.Root, "tests", "PricingCore.Tests", "Conventions", "PublicApi.txt");
        string now = PublicApiText.Of(typeof(PricingEngine).Assembly);
        if (Environment.GetEnvironmentVariable(AcceptVariable) == "1")
        {
            File.WriteAllText(approvedFile, now);
        }

        string approved = File.Exists(approvedFile) ? File.ReadAllText(approvedFile).ReplaceLineEndings("\n") : "";
        if (now == approved)
        {
            return;
        }

        string received = Path.Combine(Path.GetTempPath(), "PricingCore.PublicApi.received.txt");
        File.WriteAllText(received, now);
        string[] before = approved.Split('\n');
        string[] after = now.Split('\n');
        Assert.Fail(
            $"The public API differs from {Repository.Relative(approvedFile)}; it is now in {received}. If that is meant:\n" +
            $"  {AcceptVariable}=1 dotnet test tests/PricingCore.Tests --filter PublicApi\n" +
            $"{string.Join('\n', before.Except(after).Select(line => "- " + line))}\n" +
            $"{string.Join('\n', after.Except(before).Select(line => "+ " + line))}");
    }
}
