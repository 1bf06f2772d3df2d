using System.Xml.Linq;
using FsCheck;
using FsCheck.Fluent;
using PricingCore.Cli.Report;

namespace PricingCore.Cli.Tests.Report;

/// <summary>
/// Goal: a report is one well-formed page that loads nothing, shows what it was given, and lets no data break out of its place.
/// Method: pages are parsed as XML, which is stricter than HTML, and their elements counted; hostile and random text goes into every slot.
/// </summary>
public sealed class HtmlReportTests
{
    private static readonly string[] Loading = ["src", "href", "srcset", "action", "xlink:href", "data", "background"];

    [Fact]
    public void Build_WhenAllChartsAreShown_IsWellFormedAndLoadsNothing()
    {
        string html = HtmlReport.Build(SampleReport.With("Harbour"));
        XDocument page = Parse(html);

        Assert.DoesNotContain("http", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("@import", html, StringComparison.Ordinal);
        Assert.DoesNotContain("url(", html, StringComparison.Ordinal);
        Assert.DoesNotContain(page.Descendants().Attributes(), attribute => Loading.Contains(attribute.Name.LocalName));
        Assert.DoesNotContain(page.Descendants(), element => element.Name.LocalName is "link" or "img" or "iframe" or "object" or "use");
    }

    [Fact]
    public void Build_WhenAllChartsAreShown_DrawsEveryPoint()
    {
        XDocument page = Parse(HtmlReport.Build(SampleReport.With("Harbour")));
        const int ShownPanels = 9;

        Assert.Equal(2 + SampleReport.Regions, Count(page, "path", "line"));
        Assert.All(
            page.Descendants("path").Select(path => (string)path.Attribute("d")!),
            path => Assert.Equal(SampleReport.Steps, path.Count(c => c is 'M' or 'L')));
        Assert.Equal(SampleReport.Steps * (1 + ShownPanels), Count(page, "rect", "hit"));
        Assert.Equal(24 * SampleReport.Regions, page.Descendants("rect").Count(cell => ClassOf(cell).StartsWith("cell", StringComparison.Ordinal) && cell.Attribute("data-tip") is not null));
        Assert.Equal(SampleReport.Regions, Count(page, "rect", "none"));
        Assert.Equal(7, page.Descendants("section").Count());
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\"><img onerror=alert(1)>")]
    [InlineData("' onload='alert(1)")]
    [InlineData("--><script>alert(1)</script><!--")]
    [InlineData("</style></script></title><b>")]
    [InlineData("]]>&lt;&#60;&nbsp;")]
    [InlineData("\0\u0007\u009F\uFFFE\uD800 lone \uDC00")]
    public void Build_WhenTextIsHostile_KeepsItText(string hostile) => AssertSameShape(hostile);

    [Fact]
    public void Build_WhenTextIsAnything_KeepsItText() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(100),
            Prop.ForAll(ArbMap.Default.ArbFor<string>(), text => AssertSameShape(text ?? "")));

    [Fact]
    public void Build_WhenDataIsTheSame_GivesTheSameText() =>
        Assert.Equal(HtmlReport.Build(SampleReport.With("Mill")), HtmlReport.Build(SampleReport.With("Mill")));

    [Fact]
    public void Build_WhenAPartIsTiming_StandsBetweenTheMarkers()
    {
        string html = HtmlReport.Build(SampleReport.With("Mill"));

        Assert.Equal(2, html.Split(HtmlReport.TimingBegin).Length - 1);
        Assert.Equal(2, html.Split(HtmlReport.TimingEnd).Length - 1);
    }

    /// <summary>Elements and attributes must be those of the page with harmless text: then the text has stayed text.</summary>
    private static void AssertSameShape(string text) =>
        Assert.Equal(ShapeOf(Parse(HtmlReport.Build(SampleReport.With("x")))), ShapeOf(Parse(HtmlReport.Build(SampleReport.With(text)))));

    private static IEnumerable<string> ShapeOf(XDocument page) =>
        page.Descendants().Select(element => element.Name.LocalName + string.Concat(element.Attributes().Select(attribute => " " + attribute.Name.LocalName)));

    internal static XDocument Parse(string html)
    {
        const string Doctype = "<!DOCTYPE html>\n";
        Assert.StartsWith(Doctype, html, StringComparison.Ordinal);
        return XDocument.Parse(html[Doctype.Length..]);
    }

    private static int Count(XDocument page, string element, string className) =>
        page.Descendants(element).Count(found => ClassOf(found).Split(' ').Contains(className));

    private static string ClassOf(XElement element) => (string?)element.Attribute("class") ?? "";
}
