using System.Xml.Linq;

namespace PricingCore.Tests.Conventions;

/// <summary>The XML documentation of the core, by member id such as <c>P:PricingCore.PricingOptions.Shards</c>.</summary>
internal static class XmlDocs
{
    private static readonly Dictionary<string, XElement> Members = XDocument
        .Load(Path.ChangeExtension(typeof(PricingEngine).Assembly.Location, ".xml"))
        .Descendants("member")
        .ToDictionary(member => member.Attribute("name")!.Value);

    /// <summary>An element's text with single spaces, references written as their last name; null when it is not there.</summary>
    public static string? Text(string memberId, string element)
    {
        XElement? found = Members.GetValueOrDefault(memberId)?.Element(element);
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
}
