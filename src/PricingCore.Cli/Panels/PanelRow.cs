namespace PricingCore.Cli.Panels;

/// <summary>One bucket of one region.</summary>
/// <param name="Start">When the bucket begins, UTC, after the mapping's shift.</param>
/// <param name="Region">The region.</param>
/// <param name="Count">What was counted, in the panel's unit.</param>
/// <param name="Covariates">In the order of the mapping's covariates; not a number where a field is empty.</param>
/// <param name="File">Number of the file, from 0.</param>
/// <param name="Line">Number of the line, from 1.</param>
internal sealed record PanelRow(DateTimeOffset Start, string Region, double Count, float[] Covariates, int File, long Line);
