using System.Globalization;
using Microsoft.AspNetCore.Http;
using PricingCore.AspNetCore.Problems;
using PricingCore.Events;

namespace PricingCore.AspNetCore.Bodies;

/// <summary>Reads parameters of an address.</summary>
internal static class QueryText
{
    /// <summary>A text that must be there.</summary>
    public static bool TryGet(HttpContext context, string name, int maxLength, out string text, out Problem problem)
    {
        text = context.Request.Query[name] is [{ } only] ? only : "";
        bool isLegal = EventGate.IsText(text, maxLength);
        problem = isLegal
            ? default
            : new Problem(
                ProblemType.InvalidParameter, $"{name} is missing, given twice, blank or too long.", name,
                string.Create(CultureInfo.InvariantCulture, $"a text of 1 to {maxLength} characters, once"));
        return isLegal;
    }

    /// <summary>A whole number that may be left out.</summary>
    public static bool TryGetNumber(HttpContext context, string name, int least, int most, int standard, out int number, out Problem problem)
    {
        problem = default;
        number = standard;
        if (!context.Request.Query.TryGetValue(name, out Microsoft.Extensions.Primitives.StringValues values))
        {
            return true;
        }

        if (values is [{ } text] && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= least && number <= most)
        {
            return true;
        }

        problem = new Problem(
            ProblemType.InvalidParameter, $"{name} is not such a number.", name, string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}, once"));
        return false;
    }
}
