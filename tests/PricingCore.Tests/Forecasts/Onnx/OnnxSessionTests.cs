using PricingCore.Forecasts.Onnx;

namespace PricingCore.Tests.Forecasts.Onnx;

/// <summary>
/// Goal: graphs that are right run, and whatever is wrong becomes an exception with ONNX Runtime's words, never a crash.
/// Method: the real library, on files made by hand.
/// </summary>
public sealed class OnnxSessionTests
{
    private static readonly float[,] Weights = { { 1, 10, 100 }, { 2, 20, 200 } };

    [Fact]
    public void Constructor_SaysWhatTheGraphDeclares()
    {
        using var session = new OnnxSession(OnnxBytes.Product(Weights));

        Assert.Equal("'features' float [?, 2]", string.Join("; ", session.Inputs.Select(input => $"'{input.Name}' {input}")));
        Assert.Equal("'forecasts' float [?, 3]", string.Join("; ", session.Outputs.Select(output => $"'{output.Name}' {output}")));
        Assert.Equal("1.27.0", OnnxRuntimeLibrary.Version);
        Assert.EndsWith("onnxruntime.so", OnnxRuntimeLibrary.LoadedFrom, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_GivesEachRowsAnswer()
    {
        using var session = new OnnxSession(OnnxBytes.Product(Weights));

        Assert.Equal([5, 50, 500, 11, 110, 1100], Run(session, [1, 2, 3, 4], rows: 2));
    }

    [Fact]
    public void Run_WhenNumbersAreMissingOrEndless_PassesThemThrough()
    {
        using var session = new OnnxSession(OnnxBytes.Product(Weights));

        float[] answers = Run(session, [float.NaN, 1, float.PositiveInfinity, 1, float.NegativeInfinity, 1, -0f, 0], rows: 4);

        Assert.All(answers[..3], answer => Assert.Equal(float.NaN, answer));
        Assert.All(answers[3..6], answer => Assert.Equal(float.PositiveInfinity, answer));
        Assert.All(answers[6..9], answer => Assert.Equal(float.NegativeInfinity, answer));
        Assert.All(answers[9..], answer => Assert.Equal(0, answer));
    }

    [Fact]
    public void Run_OnTrees_SendsMissingFeaturesWhereTheGraphSays()
    {
        using var session = new OnnxSession(OnnxBytes.Stumps([1, 2, 3, 4, 5], [10, 20, 30, 40, 50], features: 5));

        float[] answers = new float[5];
        session.Run("features\0"u8, [0.5f, MathF.BitDecrement(0.5f), float.NaN, float.PositiveInfinity, float.NegativeInfinity], "forecasts\0"u8, answers, rows: 1);

        Assert.Equal([10, 2, 3, 40, 5], answers);
    }

    public static TheoryData<string, int> Corruptions => new()
    {
        { "empty", 0 }, { "text", 0 }, { "cut", 1 }, { "cut", 40 }, { "cut", 100 },
    };

    [Theory]
    [MemberData(nameof(Corruptions))]
    public void Constructor_WhenTheFileIsCorrupt_Throws(string kind, int bytes)
    {
        byte[] graph = kind switch
        {
            "empty" => [],
            "text" => "this is not a graph"u8.ToArray(),
            _ => OnnxBytes.Product(Weights)[..^bytes],
        };

        var e = Assert.Throws<OnnxRuntimeException>(() => new OnnxSession(graph));

        Assert.True(e.Code > 0, e.Message);
        Assert.Contains("ONNX Runtime error", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Constructor_WhenAnyByteIsWrong_ThrowsOrGivesAGraph()
    {
        byte[] graph = OnnxBytes.Stumps([1, 2, 3, 4, 5], [10, 20, 30, 40, 50], features: 5);
        int refused = 0;
        for (int i = 0; i < graph.Length; i += 3)
        {
            byte[] damaged = [.. graph];
            damaged[i] ^= 0x55;
            try
            {
                using var session = new OnnxSession(damaged);
            }
            catch (OnnxRuntimeException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 50, graph.Length);
    }

    [Fact]
    public void Constructor_WhenTheOpsetIsUnknown_NamesIt()
    {
        var e = Assert.Throws<OnnxRuntimeException>(() => new OnnxSession(OnnxBytes.Product(Weights, opset: 99)));

        Assert.Contains("99", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(6, 6, 2)]
    [InlineData(4, 4, 2)]
    [InlineData(4, 8, 2)]
    public void Run_WhenTheShapesDoNotFit_Throws(int numbersIn, int numbersOut, int rows)
    {
        using var session = new OnnxSession(OnnxBytes.Product(Weights));

        Assert.Throws<OnnxRuntimeException>(() => session.Run("features\0"u8, new float[numbersIn], "forecasts\0"u8, new float[numbersOut], rows));
        Assert.Equal([5, 50, 500], Run(session, [1, 2], rows: 1)); // It goes on working.
    }

    [Fact]
    public void Run_WhenTheNamesOrTypesAreOthers_Throws()
    {
        using var session = new OnnxSession(OnnxBytes.Product(Weights));
        using var doubles = new OnnxSession(OnnxBytes.Product(Weights, OnnxBytes.Double));

        Assert.Throws<OnnxRuntimeException>(() => session.Run("other\0"u8, new float[2], "forecasts\0"u8, new float[3], 1));
        Assert.Throws<OnnxRuntimeException>(() => session.Run("features\0"u8, new float[2], "other\0"u8, new float[3], 1));
        Assert.Contains("double", Assert.Throws<OnnxRuntimeException>(() => Run(doubles, [1, 2], rows: 1)).Message, StringComparison.Ordinal);
        Assert.Equal("double [?, 2]", doubles.Inputs[0].ToString());
    }

    [Fact]
    public void Run_WhenTheArgumentsAreWrong_ThrowsBeforeItRuns()
    {
        using var session = new OnnxSession(OnnxBytes.Product(Weights));

        Assert.Throws<ArgumentOutOfRangeException>(() => session.Run("features\0"u8, [], "forecasts\0"u8, [], rows: 0));
        Assert.Throws<ArgumentException>(() => session.Run("features\0"u8, new float[3], "forecasts\0"u8, new float[6], rows: 2));
        Assert.Throws<ArgumentException>(() => session.Run("features"u8, new float[2], "forecasts\0"u8, new float[3], rows: 1));
    }

    [Fact]
    public void Run_WhenDisposed_Throws()
    {
        var session = new OnnxSession(OnnxBytes.Product(Weights));
        session.Dispose();
        session.Dispose();

        Assert.Throws<ObjectDisposedException>(() => Run(session, [1, 2], rows: 1));
    }

    [Fact]
    public async Task Dispose_WhenOthersRun_LetsThemEnd()
    {
        var session = new OnnxSession(OnnxBytes.Product(Weights));
        using var started = new CountdownEvent(2);
        Task<int>[] runners = [.. Enumerable.Range(0, 2).Select(_ => Task.Factory.StartNew(
            () =>
            {
                int runs = 0;
                try
                {
                    for (; ; runs++)
                    {
                        Assert.Equal([5, 50, 500], Run(session, [1, 2], rows: 1));
                        if (runs == 100)
                        {
                            started.Signal();
                        }
                    }
                }
                catch (ObjectDisposedException)
                {
                    return runs;
                }
            },
            TaskCreationOptions.LongRunning))];

        started.Wait(TestContext.Current.CancellationToken);
        session.Dispose();

        Assert.All(await Task.WhenAll(runners), runs => Assert.True(runs >= 100));
    }

    [Fact]
    public void Run_AllocatesNothing()
    {
        using var session = new OnnxSession(OnnxBytes.Product(Weights));
        float[] rows = new float[64];
        float[] answers = new float[96];

        Assert.Equal(0, AllocatedBytes.Of(() => session.Run("features\0"u8, rows, "forecasts\0"u8, answers, rows: 32)));
    }

    private static float[] Run(OnnxSession session, float[] input, int rows)
    {
        float[] answers = new float[rows * Weights.GetLength(1)];
        session.Run("features\0"u8, input, "forecasts\0"u8, answers, rows);
        return answers;
    }
}
