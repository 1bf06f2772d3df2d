using System.Globalization;
using System.Text;

namespace PricingCore.Sidecar.Tests.Hostile;

/// <summary>
/// Goal: clients that are slow, never end, end too early or come in crowds are answered with a 4xx or cut off within their limits, in bounded memory, and others notice nothing.
/// Method: raw sockets against the real process, whose limits are small; after each attack it must price, take events, and be no larger than the specification allows.
/// Control: without HeadersTimeout and SlowFor (Kestrel's limits set to none) the slow ones are borne until the test gives up; without a limit of bodies the
/// endless ones are; with EventLines holding a line until its end the endless line takes the memory that it is long.
/// </summary>
[Collection(Attacks.Name)]
public sealed class HostileHttpTests(AttackedSidecar sidecar)
{
    private const string Compute = "POST /api/v1/pricing/compute HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    private const string Events = "POST /api/v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    private const string Lines = "POST /api/v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n";
    private const string Chunked = "Transfer-Encoding: chunked\r\n\r\n";
    private const string Question = """{"region_id":"a"}""";

    /// <summary>What a limit may take longer: the server looks once a second, and this machine does other work.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(8);

    [Fact]
    public async Task SlowClients_AreCutOff()
    {
        // A dozen of each at once: as many threads would be held by a server that waits with one for each.
        (string Request, int Status)[] attacks =
        [
            (Compute + "X-Slow: ", 408), // Headers that never end.
            ("POST /api/v1/pric", 408), // A first line that never ends.
            (Compute + "Content-Length: 4000\r\n\r\n", 400), // A body that hardly comes.
            (Lines + "Content-Length: 100000\r\n\r\n", 400),
            (Events + Chunked + "ffff\r\n", 400),
        ];
        await Task.WhenAll(attacks.SelectMany(attack => Enumerable.Repeat(attack, 8)).Select(async attack =>
        {
            using HostileConnection slow = await HostileConnection.ToAsync(sidecar.Port, attack.Request);
            (string answer, TimeSpan borne) = await slow.DripAsync((byte)'a');
            Assert.True(HostileConnection.StatusOf(answer) == attack.Status, $"{attack.Request}: {answer}");
            Assert.True(borne < TimeSpan.FromSeconds(2) + Slack, $"{attack.Request} was borne {borne}.");
        }));

        await sidecar.AssertServesAsync();
    }

    [Theory]
    [InlineData(Compute, Question, 200)]
    [InlineData(Events, """{"type":"sneeze"}""", 422)]
    [InlineData(Lines, "{}\n{}", 400)]
    public async Task ClientThatHasSaidAll_AndEndsSending_GetsItsAnswer(string head, string body, int expected)
    {
        for (int i = 0; i < 20; i++)
        {
            string request = i % 2 == 0
                ? string.Create(CultureInfo.InvariantCulture, $"{head}Content-Length: {body.Length}\r\n\r\n{body}")
                : string.Create(CultureInfo.InvariantCulture, $"{head}{Chunked}{body.Length:x}\r\n{body}\r\n0\r\n\r\n");
            using HostileConnection client = await HostileConnection.ToAsync(sidecar.Port, request);
            client.EndSending();
            string answer = await client.ReadToEndAsync();
            Assert.True(HostileConnection.StatusOf(answer) == expected, $"{i}: {answer}");
        }
    }

    [Theory]
    [InlineData("POST /api/v1/pri")]
    [InlineData(Compute + "Content-Le")]
    [InlineData(Compute + "Content-Length: 400\r\n\r\n{\"region")]
    [InlineData(Events + Chunked + "5\r\n[")]
    [InlineData(Lines + Chunked + "5\r\n{}\n\r\n")]
    public async Task ClientThatEndsInTheMiddle_IsCutOff(string request)
    {
        for (int i = 0; i < 5; i++)
        {
            using HostileConnection client = await HostileConnection.ToAsync(sidecar.Port, request);
            client.EndSending();
            string answer = await client.ReadToEndAsync();
            Assert.True(HostileConnection.StatusOf(answer) is 0 or 400, answer);
        }

        await sidecar.AssertServesAsync();
    }

    [Theory]
    [InlineData(Compute + "Content-Length: 1073741824\r\n\r\n", "", 413)]
    [InlineData(Events + "Content-Length: 1073741824\r\n\r\n", "", 413)]
    [InlineData(Compute + Chunked, "chunk", 413)]
    [InlineData(Events + Chunked, "chunk", 413)]
    [InlineData(Compute + Chunked + "5;", "extension", 413)]
    [InlineData(Compute + Chunked + "1\r\n{\r\n0\r\n", "header", 400)]
    [InlineData(Compute, "header", 431)]
    [InlineData("GET /", "path", 414)]
    public async Task WhatNeverEnds_IsRefusedAtItsLimit(string head, string more, int expected)
    {
        byte[] endless = Encoding.ASCII.GetBytes(more switch
        {
            "chunk" => "10000\r\n" + new string(' ', 65_536) + "\r\n",
            "header" => string.Concat(Enumerable.Repeat("X-More: and more\r\n", 1_000)),
            _ => new string('x', 65_536),
        });
        using HostileConnection client = await HostileConnection.ToAsync(sidecar.Port, head);
        Task<string> reading = client.ReadAsync();
        long taken = await client.PumpAsync(endless, 1L << 30);
        string answer = await reading;

        Assert.True(HostileConnection.StatusOf(answer) == expected || answer.Length == 0, answer); // Its last word may be lost when it closes before all was read.
        Assert.True(taken < 64 << 20, $"The server took {taken:N0} bytes.");
        await sidecar.AssertServesAsync();
    }

    [Fact]
    public async Task BodyOfAGigabyte_IsRefusedBeforeItComes()
    {
        using HostileConnection client = await HostileConnection.ToAsync(sidecar.Port, Compute + "Content-Length: 1073741824\r\n\r\n{");

        string answer = await client.ReadAsync();

        Assert.Equal(413, HostileConnection.StatusOf(answer));
        Assert.Contains("urn:pricingcore:problem:", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LineThatNeverEnds_TakesNoMemory()
    {
        const long Bytes = 128L << 20; // Far more than the process may have.
        using HostileConnection client = await HostileConnection.ToAsync(sidecar.Port, Lines + string.Create(CultureInfo.InvariantCulture, $"Content-Length: {Bytes}\r\n\r\n"));
        Task<string> reading = client.ReadAsync();

        Assert.Equal(Bytes, await client.PumpAsync(Encoding.ASCII.GetBytes(new string('x', 65_536)), Bytes));

        string answer = await reading;
        Assert.True(HostileConnection.StatusOf(answer) is >= 400 and < 500, answer);
        await sidecar.AssertServesAsync();
    }

    [Fact]
    public async Task IdleCrowd_IsHeldToTheLimit_AndHealthAnswersElsewhere()
    {
        var crowd = new List<HostileConnection>();
        try
        {
            for (int i = 0; i < AttackedSidecar.MaxConnections + 10; i++)
            {
                crowd.Add(await HostileConnection.ToAsync(sidecar.Port, "POST /api/v1/pricing/compute HTTP/1.1\r\n"));
            }

            Task<string>[] readings = [.. crowd.Select(client => client.ReadToEndAsync())];
            await Task.WhenAny(readings);
            await sidecar.Program.StatusAsync(); // Operators are served on their own address.

            // In the end all are cut off: those beyond the limit at once, the others because their headers do not come.
            string[] answers = await Task.WhenAll(readings);
            Assert.InRange(answers.Count(answer => answer.Length == 0), 10, AttackedSidecar.MaxConnections);
            Assert.All(answers, answer => Assert.True(HostileConnection.StatusOf(answer) is 0 or 408, answer));
        }
        finally
        {
            crowd.ForEach(client => client.Dispose());
        }

        await sidecar.AssertServesAsync();
    }

    [Fact]
    public async Task SilentConnections_GoAfterAWhile()
    {
        using HostileConnection silent = await HostileConnection.ToAsync(sidecar.Port, "");
        using HostileConnection idle = await HostileConnection.ToAsync(
            sidecar.Port, string.Create(CultureInfo.InvariantCulture, $"{Compute}Content-Length: {Question.Length}\r\n\r\n{Question}"));

        await Task.WhenAll(silent.ReadToEndAsync(), idle.ReadToEndAsync()).WaitAsync(TimeSpan.FromSeconds(3) + Slack, TestContext.Current.CancellationToken);
    }
}
