using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using PricingCore.Storage;

namespace PricingCore.Audit;

/// <summary>Proves that one record is in an audit log, without the other records: by hashes from the record up to the log's head.</summary>
/// <remarks><c>eng/check-proof.py</c> checks a proof without this library; docs/audit.md says why that is enough.</remarks>
/// <threadsafety>Pure functions.</threadsafety>
public static class AuditProof
{
    /// <summary>What a proof calls itself.</summary>
    public const string Format = "pricingcore-audit-proof-1";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Proves a quote or a decision.</summary>
    /// <param name="directory">The folder of the log.</param>
    /// <param name="id">The id of a request, or the 32 hexadecimal digits of a decision.</param>
    /// <returns>JSON.</returns>
    /// <exception cref="ArgumentException"><paramref name="directory"/> or <paramref name="id"/> is null or empty.</exception>
    /// <exception cref="AuditException">There is no log or no such record, or the log is damaged between the record and its head.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static string Prove(string directory, string id)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        ArgumentException.ThrowIfNullOrEmpty(id);
        var reader = new AuditReader(directory);
        return Prove(new SegmentFiles(DiskFileStore.Instance, directory.TrimEnd('/')), reader, id);
    }

    internal static string Prove(SegmentFiles files, AuditReader reader, string id)
    {
        AuditPlace place = reader.FindPlace(id) ?? throw new AuditException($"{files.Directory}: there is neither a quote for the request '{id}' nor a decision with that id.");
        List<int> numbers = [.. files.List().Where(number => number >= place.Segment)];
        var segments = new JsonArray();
        JsonObject? record = null;
        JsonObject? first = null;
        string head = "";
        foreach (int number in numbers)
        {
            bool isNewest = number == numbers[^1];
            using IStoredFile file = files.Open(number);
            SegmentTrailer? trailer = SegmentTrailer.ReadLast(file);
            byte[] header = new byte[AuditFormat.HeaderBytes];
            if (file.Read(0, header) != header.Length || SegmentHeader.Read(header) is null || (trailer is null && !isNewest))
            {
                throw new AuditException($"{files.PathOf(number)} is damaged, so nothing before it can be proved; see 'pricing audit verify'.");
            }

            if (number == place.Segment)
            {
                record = PathOf(file, place.Record, out _);
            }

            if (isNewest)
            {
                first = PathOf(file, 0, out int count);
                head = new AuditHead(number, count, (string?)first?["root"] ?? Convert.ToHexStringLower(SHA256.HashData(header))).ToString();
                first?.Remove("root");
            }

            segments.Add((JsonNode)new JsonObject
            {
                ["header"] = Convert.ToHexStringLower(header),
                ["trailer"] = isNewest ? null : Convert.ToHexStringLower(trailer!.ToBytes()),
            });
        }

        if (record is null)
        {
            throw new AuditException($"{files.PathOf(place.Segment)}: record {place.Record} is no longer there.");
        }

        return new JsonObject
        {
            ["format"] = Format,
            ["id"] = id,
            ["record"] = record,
            ["segments"] = segments,
            ["first_of_newest"] = first,
            ["head"] = head,
        }.ToJsonString(Indented);
    }

    /// <summary>A record with its siblings up to the root over all records of the segment; null when there is no such record.</summary>
    private static JsonObject? PathOf(IStoredFile file, int record, out int count)
    {
        var scan = new SegmentScan(file);
        var leaves = new List<byte>();
        byte[]? payload = null;
        byte[] hash = new byte[MerkleTree.HashBytes];
        SegmentScan.Step step;
        for (step = scan.Next(); step == SegmentScan.Step.Record; step = scan.Next())
        {
            if (scan.Head.Number == record)
            {
                payload = scan.Payload.ToArray();
            }

            MerkleTree.HashLeaf(scan.Payload, hash);
            leaves.AddRange(hash);
        }

        count = leaves.Count / MerkleTree.HashBytes;
        if (payload is null)
        {
            return null;
        }

        byte[] all = [.. leaves];
        return new JsonObject
        {
            ["payload"] = Convert.ToHexStringLower(payload),
            ["count"] = count,
            ["path"] = new JsonArray([.. MerkleTree.PathOf(all, record).Select(sibling => (JsonNode)Convert.ToHexStringLower(sibling))]),
            ["root"] = Convert.ToHexStringLower(MerkleTree.RootOf(all)),
        };
    }
}
