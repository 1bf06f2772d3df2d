namespace PricingCore.Forecasts.Trees;

/// <summary>One operation of a graph.</summary>
/// <param name="Operator">Its name, as <c>Add</c>.</param>
/// <param name="Domain">Whose operator it is; empty for the standard ones.</param>
/// <param name="Inputs">Names of the values it reads.</param>
/// <param name="Outputs">Names of the values it makes.</param>
/// <param name="Attributes">Its settings: where each lies in the file.</param>
internal sealed record GraphNode(
    string Operator, string Domain, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyDictionary<string, FilePart> Attributes);

/// <summary>A constant of a graph: floats or integers.</summary>
/// <param name="Shape">The length of each dimension; empty for a single number.</param>
/// <param name="Floats">The numbers, or none.</param>
/// <param name="Integers">The numbers, or none.</param>
internal sealed record GraphConstant(long[] Shape, float[]? Floats, long[]? Integers);

/// <summary>An input or an output of a graph: a matrix of floats with any number of rows.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Columns">How many columns.</param>
internal sealed record GraphMatrix(string Name, int Columns);
