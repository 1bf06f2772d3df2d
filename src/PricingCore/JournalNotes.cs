using System.Buffers.Binary;
using System.Text;
using PricingCore.Events;
using PricingCore.Forecasts.Rollouts;
using PricingCore.Journal;
using PricingCore.Rules;

namespace PricingCore;

/// <summary>What the numbers in a lane's records stand for: names of regions, products and models, rule sets and plans.</summary>
/// <remarks>
/// Names: first number, count, then each as a length byte and UTF-8. Rules and plans: number, then UTF-8 JSON. Numbers are 32 bits, little-endian.
/// </remarks>
/// <threadsafety>One thread.</threadsafety>
internal sealed class JournalNotes(EngineDirectories names, LoopOutputs outputs) : INoteSource
{
    private const int MostNamesInNote = 256;
    private const int MostBytesOfName = 255;

    private readonly byte[] _names = new byte[8 + (MostNamesInNote * (1 + MostBytesOfName))];
    private int _regions;
    private int _products;
    private int _models;

    /// <summary>Leaves out names that the journal, or the snapshot before it, already has.</summary>
    public void StartAfter((int Regions, int Products, int Models) noted) => (_regions, _products, _models) = noted;

    /// <inheritdoc/>
    public int WriteBefore(ReadOnlySpan<AcceptedEvent> records, JournalWriter writer)
    {
        WriteNames(writer, JournalNoteKind.Region, ref _regions, names.Regions.Count, names.Regions.IdOf);
        WriteNames(writer, JournalNoteKind.Product, ref _products, names.Products.Count, number => names.Products[number]);
        WriteNames(writer, JournalNoteKind.Model, ref _models, names.Models.Count, number => names.Models[number]);
        if (HasNote(records[0]))
        {
            WriteNoteOf(records[0], writer);
        }

        int count = 1;
        while (count < records.Length && !HasNote(records[count]))
        {
            count++;
        }

        return count;
    }

    /// <summary>Takes in what a note says.</summary>
    /// <exception cref="JournalMismatchException">It does not fit what is known.</exception>
    public static void Read(JournalNoteKind kind, ReadOnlySpan<byte> payload, EngineDirectories names, LoopOutputs outputs, RuleSet? rulesInstead = null, Action<RuleSet>? onRules = null)
    {
        switch (kind)
        {
            case JournalNoteKind.Region:
                ReadNames(payload, names.Regions.TryRestore, "region");
                break;
            case JournalNoteKind.Product:
                ReadNames(payload, names.Products.TryRestore, "product");
                break;
            case JournalNoteKind.Model:
                ReadNames(payload, names.Models.TryRestore, "model");
                break;
            case JournalNoteKind.Rules:
                RuleSet rules = rulesInstead ?? RuleSet.Parse(Encoding.UTF8.GetString(payload[sizeof(int)..]));
                onRules?.Invoke(rules);
                outputs.Rules.Restore(BinaryPrimitives.ReadInt32LittleEndian(payload), rules);
                break;
            case JournalNoteKind.Plan:
                outputs.Plans.Restore(BinaryPrimitives.ReadInt32LittleEndian(payload), PlanNote.Parse(payload[sizeof(int)..]).ToPlan());
                break;
            default:
                break; // Terms are read by whoever opens the journal.
        }
    }

    /// <summary>How many names are noted once a note was read.</summary>
    public static (int Regions, int Products, int Models) After(JournalNoteKind kind, ReadOnlySpan<byte> payload, (int Regions, int Products, int Models) noted)
    {
        if (kind is not (JournalNoteKind.Region or JournalNoteKind.Product or JournalNoteKind.Model))
        {
            return noted;
        }

        int end = BinaryPrimitives.ReadInt32LittleEndian(payload) + BinaryPrimitives.ReadInt32LittleEndian(payload[sizeof(int)..]);
        return kind switch
        {
            JournalNoteKind.Region => noted with { Regions = Math.Max(noted.Regions, end) },
            JournalNoteKind.Product => noted with { Products = Math.Max(noted.Products, end) },
            _ => noted with { Models = Math.Max(noted.Models, end) },
        };
    }

    private static bool HasNote(in AcceptedEvent e) => e.Kind is MarketEventKind.RulesPublished or MarketEventKind.ModelDeployed;

    private void WriteNoteOf(in AcceptedEvent e, JournalWriter writer)
    {
        int number = (int)e.KeyHigh;
        if (e.Kind == MarketEventKind.RulesPublished)
        {
            RuleSet rules = outputs.Rules.Take(number);
            writer.AppendNote(JournalNoteKind.Rules, Numbered(number, Encoding.UTF8.GetBytes(rules.ToJson())));
        }
        else
        {
            DeployedPlan plan = outputs.Plans.Take(number);
            writer.AppendNote(JournalNoteKind.Plan, Numbered(number, PlanNote.Of(plan).ToJson()));
        }
    }

    private static byte[] Numbered(int number, byte[] json)
    {
        byte[] payload = new byte[sizeof(int) + json.Length];
        BinaryPrimitives.WriteInt32LittleEndian(payload, number);
        json.CopyTo(payload, sizeof(int));
        return payload;
    }

    private static void ReadNames(ReadOnlySpan<byte> payload, Func<int, string, bool> tryRestore, string what)
    {
        int first = BinaryPrimitives.ReadInt32LittleEndian(payload);
        int count = BinaryPrimitives.ReadInt32LittleEndian(payload[sizeof(int)..]);
        ReadOnlySpan<byte> rest = payload[8..];
        for (int number = first; number < first + count; number++)
        {
            string name = Encoding.UTF8.GetString(rest.Slice(1, rest[0]));
            if (!tryRestore(number, name))
            {
                throw new JournalMismatchException(
                    $"The journal has the {what} '{name}' as number {number}, which is another one by the engine's options, or there is no room for it: start with the regions and limits of before, or with another directory.");
            }

            rest = rest[(1 + rest[0])..];
        }
    }

    private void WriteNames(JournalWriter writer, JournalNoteKind kind, ref int written, int count, Func<int, string> nameOf)
    {
        while (written < count)
        {
            int some = Math.Min(count - written, MostNamesInNote);
            BinaryPrimitives.WriteInt32LittleEndian(_names, written);
            BinaryPrimitives.WriteInt32LittleEndian(_names.AsSpan(sizeof(int)), some);
            int length = 8;
            for (int number = written; number < written + some; number++)
            {
                int bytes = Encoding.UTF8.GetBytes(nameOf(number), _names.AsSpan(length + 1));
                _names[length] = (byte)bytes;
                length += 1 + bytes;
            }

            writer.AppendNote(kind, _names.AsSpan(0, length));
            written += some;
        }
    }
}
