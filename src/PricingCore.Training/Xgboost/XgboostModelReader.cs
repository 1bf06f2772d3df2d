using System.Globalization;
using System.Text.Json;
using PricingCore.Training.Trees;

namespace PricingCore.Training.Xgboost;

/// <summary>Reads trees from XGBoost's JSON, and refuses what it does not understand rather than guess.</summary>
/// <threadsafety>Stateless: any thread.</threadsafety>
internal static class XgboostModelReader
{
    private const double SmallestGain = 1e-6;

    /// <summary>Reads the first trees of a model.</summary>
    /// <param name="json">What XGBoost saved.</param>
    /// <param name="treeCount">How many trees to take.</param>
    /// <param name="target">The output that their leaves add to.</param>
    /// <param name="gains">Receives, for each feature, how much its splits lowered the loss.</param>
    /// <returns>The trees, with the base score in the leaves of the first.</returns>
    /// <exception cref="FormatException">Something in it is not understood; the message says what.</exception>
    public static IReadOnlyList<DecisionTree> Read(ReadOnlyMemory<byte> json, int treeCount, int target, double[] gains)
    {
        using var document = JsonDocument.Parse(json);
        JsonElement root = document.RootElement;
        JsonElement learner = Member(root, "learner");
        CheckVersion(Member(root, "version"));
        JsonElement parameters = Member(learner, "learner_model_param");
        Expect(Text(Member(learner, "objective"), "name"), "reg:squarederror", "objective");
        Expect(OptionalText(parameters, "num_target", "1"), "1", "number of targets");
        Expect(OptionalText(parameters, "num_class", "0"), "0", "number of classes");
        JsonElement booster = Member(learner, "gradient_booster");
        Expect(Text(booster, "name"), "gbtree", "booster");

        JsonElement model = Member(booster, "model");
        JsonElement[] trees = [.. Member(model, "trees").EnumerateArray()];
        if (trees.Length < treeCount || treeCount < 1)
        {
            throw Refused($"it has {trees.Length} trees, but {treeCount} are wanted");
        }

        if (Member(model, "tree_info").EnumerateArray().Any(output => output.GetInt32() != 0))
        {
            throw Refused("its trees have several outputs");
        }

        int featureCount = int.Parse(Text(parameters, "num_feature"), CultureInfo.InvariantCulture);
        float baseScore = float.Parse(Text(parameters, "base_score"), CultureInfo.InvariantCulture);
        if (gains.Length != featureCount || !float.IsFinite(baseScore))
        {
            throw Refused($"it has {featureCount} features and a base score of {baseScore}, but {gains.Length} features were trained");
        }

        var read = new DecisionTree[treeCount];
        for (int i = 0; i < treeCount; i++)
        {
            read[i] = ReadTree(trees[i], i == 0 ? baseScore : 0, target, gains);
        }

        return read;
    }

    private static DecisionTree ReadTree(JsonElement tree, float added, int target, double[] gains)
    {
        if (tree.TryGetProperty("categories_nodes", out JsonElement categories) && categories.GetArrayLength() > 0)
        {
            throw Refused("a tree splits by categories");
        }

        int[] left = Numbers(tree, "left_children", e => e.GetInt32());
        int[] right = Numbers(tree, "right_children", e => e.GetInt32());
        int[] feature = Numbers(tree, "split_indices", e => e.GetInt32());
        float[] value = Numbers(tree, "split_conditions", e => e.GetSingle());
        double[] gain = Numbers(tree, "loss_changes", e => e.GetDouble());
        bool[] missingGoesLeft = Numbers(tree, "default_left", e => e.ValueKind == JsonValueKind.True || (e.ValueKind == JsonValueKind.Number && e.GetInt32() != 0));
        int count = left.Length;
        if (count == 0 || right.Length != count || feature.Length != count || value.Length != count || gain.Length != count || missingGoesLeft.Length != count)
        {
            throw Refused("a tree's arrays differ in length");
        }

        for (int node = 0; node < count; node++)
        {
            bool isLeaf = left[node] < 0;
            if (isLeaf != (right[node] < 0) || left[node] >= count || right[node] >= count || !float.IsFinite(value[node])
                || (!isLeaf && (feature[node] < 0 || feature[node] >= gains.Length)))
            {
                throw Refused($"node {node} of a tree leads nowhere");
            }

            if (isLeaf)
            {
                // XGBoost adds the leaves to the base score one after the other, so adding it to the first leaf gives the same bits.
                value[node] += added;
                (left[node], right[node], feature[node]) = (-1, -1, 0);
            }
            else
            {
                gains[feature[node]] += Math.Max(SmallestGain, gain[node]);
            }
        }

        return new DecisionTree(left, right, feature, value, missingGoesLeft, target);
    }

    private static void CheckVersion(JsonElement version)
    {
        int[] numbers = [.. version.EnumerateArray().Select(e => e.GetInt32())];
        if (numbers.Length < 2 || XgboostLibrary.FindProblem(numbers[0], numbers[1], 0) is not null)
        {
            throw Refused($"version {string.Join('.', numbers)} writes trees in a way that was not tried");
        }
    }

    private static T[] Numbers<T>(JsonElement tree, string name, Func<JsonElement, T> read) => [.. Member(tree, name).EnumerateArray().Select(read)];

    private static JsonElement Member(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out JsonElement member) ? member : throw Refused($"'{name}' is missing");

    private static string Text(JsonElement parent, string name) => Member(parent, name).GetString() ?? throw Refused($"'{name}' is not text");

    private static string OptionalText(JsonElement parent, string name, string otherwise) =>
        parent.TryGetProperty(name, out JsonElement member) ? member.GetString() ?? otherwise : otherwise;

    private static void Expect(string found, string wanted, string what)
    {
        if (found != wanted)
        {
            throw Refused($"its {what} is {found}, and only {wanted} is understood");
        }
    }

    private static FormatException Refused(string why) => new($"The model that XGBoost saved is not understood: {why}.");
}
