using System.Diagnostics;
using System.Text.Json.Nodes;
using PricingCore.Audit;
using PricingCore.Tests.Conventions;

namespace PricingCore.Tests.Audit;

/// <summary>
/// Goal: a proof is accepted by a checker that shares no code with the log, and an altered one is not.
/// Method: prove quotes and decisions of closed and open segments; alter each value of a proof; give all to the Python checker, in one run of it.
/// </summary>
public sealed class AuditProofTests
{
    private const string Runner = """
        import json, sys
        space = {}
        exec(open(sys.argv[2]).read().split("\ntry:\n")[0], space)
        for line in open(sys.argv[1]):
            try: print("holds", space["check"](json.loads(line)))
            except (ValueError, KeyError, IndexError, TypeError, space["struct"].error) as wrong: print("refused", wrong)
        """;

    [Fact]
    public void Prove_IsAcceptedByTheChecker_AndAnAlteredProofIsNot()
    {
        MemoryFiles files = AuditSamples.Written(400);
        var folder = new SegmentFiles(files, AuditSamples.Folder);
        AuditReader reader = AuditSamples.Reader(files);
        string head = AuditSamples.Verify(files).Head;
        var right = new List<string>();
        for (int i = 0; i < 400; i += 57)
        {
            right.Add(AuditProof.Prove(folder, reader, AuditSamples.RequestOf(i, i % 2)));
            right.Add(AuditProof.Prove(folder, reader, AuditSamples.Decision(i).Id.ToString()));
        }

        right.Add(AuditProof.Prove(folder, reader, AuditSamples.RequestOf(399, 1)));
        string[] wrong = [.. Altered(right[0]), .. Altered(right[^1])];
        Assert.True(wrong.Length > 100);

        string[] said = Check([.. right, .. wrong]);

        Assert.All(said[..right.Count], line => Assert.Equal("holds " + head, line));
        Assert.All(said[right.Count..], line => Assert.StartsWith("refused", line, StringComparison.Ordinal));
    }

    [Fact]
    public void Prove_OfWhatIsNotThere_SaysSo() =>
        Assert.Throws<AuditException>(() => AuditProof.Prove(new SegmentFiles(AuditSamples.Written(2), AuditSamples.Folder), AuditSamples.Reader(AuditSamples.Written(2)), "nobody"));

    /// <summary>The proof with one value changed, each in turn: a digit of each hash at both ends and in the middle, each number, each list shortened.</summary>
    private static IEnumerable<string> Altered(string proof)
    {
        var places = new List<string>();
        Walk(JsonNode.Parse(proof)!, "", places);
        foreach (string place in places)
        {
            foreach (int part in (int[])[0, 1, 2])
            {
                JsonNode changed = JsonNode.Parse(proof)!;
                JsonNode holder = changed;
                string[] steps = place.Split('/', StringSplitOptions.RemoveEmptyEntries);
                foreach (string step in steps[..^1])
                {
                    holder = holder is JsonArray array ? array[int.Parse(step)]! : holder[step]!;
                }

                JsonNode value = holder is JsonArray list ? list[int.Parse(steps[^1])]! : holder[steps[^1]]!;
                JsonNode other;
                if (value.GetValueKind() == System.Text.Json.JsonValueKind.Number)
                {
                    other = (int)value + part + 1;
                }
                else
                {
                    char[] text = ((string)value!).ToCharArray();
                    int at = part * (text.Length - 1) / 2;
                    text[at] = text[at] == '1' ? '2' : '1';
                    other = new string(text);
                }

                if (holder is JsonArray items)
                {
                    items[int.Parse(steps[^1])] = other;
                }
                else
                {
                    holder[steps[^1]] = other;
                }

                yield return changed.ToJsonString();
            }
        }

        foreach (string list in (string[])["record", "segments"])
        {
            JsonNode changed = JsonNode.Parse(proof)!;
            JsonArray items = list == "record" ? changed["record"]!["path"]!.AsArray() : changed["segments"]!.AsArray();
            items.RemoveAt(items.Count - 1);
            yield return changed.ToJsonString();
        }
    }

    private static void Walk(JsonNode node, string place, List<string> places)
    {
        switch (node)
        {
            case JsonObject parts:
                foreach ((string name, JsonNode? part) in parts.Where(part => part.Value is not null))
                {
                    Walk(part!, place + "/" + name, places);
                }

                break;
            case JsonArray items:
                for (int i = 0; i < items.Count; i++)
                {
                    Walk(items[i]!, place + "/" + i, places);
                }

                break;
            default:
                places.Add(place);
                break;
        }
    }

    private static string[] Check(IEnumerable<string> proofs)
    {
        using var scratch = new ScratchFolder();
        File.WriteAllLines(scratch.At("proofs"), proofs.Select(proof => JsonNode.Parse(proof)!.ToJsonString()));
        File.WriteAllText(scratch.At("run.py"), Runner);
        using Process python = Process.Start(new ProcessStartInfo("python3", [scratch.At("run.py"), scratch.At("proofs"), Path.Combine(Repository.Root, "eng", "check-proof.py")])
        {
            RedirectStandardOutput = true,
        })!;
        string said = python.StandardOutput.ReadToEnd();
        python.WaitForExit();
        return said.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
