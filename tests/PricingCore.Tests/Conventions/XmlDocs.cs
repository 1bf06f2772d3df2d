using System.Collections.Concurrent;
using System.Reflection;
using System.Xml.Linq;

namespace PricingCore.Tests.Conventions;

/// <summary>The XML documentation of an assembly, the core unless said otherwise, by member id such as <c>P:PricingCore.PricingOptions.Shards</c>.</summary>
internal static class XmlDocs
{
    private static readonly ConcurrentDictionary<Assembly, Dictionary<string, XElement>> Members = [];

    /// <summary>An element's text with single spaces, references written as their last name; null when it is not there.</summary>
    public static string? Text(string memberId, string element, Assembly? assembly = null)
    {
        XElement? found = Members.GetOrAdd(assembly ?? typeof(PricingEngine).Assembly, Load).GetValueOrDefault(memberId)?.Element(element);
        if (found is null)
        {
            return null;
        }

        string text = string.Concat(found.DescendantNodes().Select(node => node switch
        {
            XText words => words.Value,
            XElement reference when (string?)(reference.Attribute("langword") ?? reference.Attribute("cref")) is { } target => target.Split('.', ':')[^1],
            _ => "",
        }));
        return string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    private static Dictionary<string, XElement> Load(Assembly assembly) => XDocument
        .Load(Path.ChangeExtension(assembly.Location, ".xml"))
        .Descendants("member")
        .ToDictionary(member => member.Attribute("name")!.Value);
}
