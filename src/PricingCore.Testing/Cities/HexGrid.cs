namespace PricingCore.Testing.Cities;

/// <summary>Hexagons in rings around a centre, counted outwards.</summary>
internal static class HexGrid
{
    private static readonly (int Q, int R)[] Directions = [(1, 0), (0, 1), (-1, 1), (-1, 0), (0, -1), (1, -1)];

    /// <summary>The first <paramref name="count"/> hexagons, centre first, then ring by ring.</summary>
    public static (int Q, int R)[] Spiral(int count)
    {
        List<(int Q, int R)> cells = [(0, 0)];
        for (int ring = 1; cells.Count < count; ring++)
        {
            (int q, int r) = (0, -ring);
            foreach ((int dq, int dr) in Directions)
            {
                for (int step = 0; step < ring; step++)
                {
                    cells.Add((q, r));
                    (q, r) = (q + dq, r + dr);
                }
            }
        }

        return [.. cells.Take(count)];
    }

    /// <summary>For each hexagon the indices of those it touches.</summary>
    public static int[][] Neighbours((int Q, int R)[] cells)
    {
        Dictionary<(int, int), int> indices = cells.Index().ToDictionary(cell => cell.Item, cell => cell.Index);
        return [.. cells.Select(cell => Directions
            .Select(step => indices.GetValueOrDefault((cell.Q + step.Q, cell.R + step.R), -1))
            .Where(index => index >= 0)
            .Order()
            .ToArray())];
    }

    /// <summary>Steps from one hexagon to another.</summary>
    public static int Distance((int Q, int R) from, (int Q, int R) to)
    {
        int dq = from.Q - to.Q;
        int dr = from.R - to.R;
        return (Math.Abs(dq) + Math.Abs(dr) + Math.Abs(dq + dr)) / 2;
    }
}
