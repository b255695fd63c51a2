namespace FastGate.Commands.Status;

/// <summary>Draws values as a row of block characters. Pure.</summary>
internal static class Sparkline
{
    // From an eighth of a cell to all of it.
    private const string Blocks = "▁▂▃▄▅▆▇█";

    /// <summary>Draws rates on a scale from 0 to the highest; a cell shows the mean of its steps.</summary>
    /// <param name="values">Null where a value does not exist: the cell is blank.</param>
    /// <param name="width">In columns.</param>
    public static string OfRates(IReadOnlyList<double?> values, int width) =>
        Draw([.. Cells(values, width).Select(known => known.Length == 0 ? (double?)null : known.Average())], 0);

    /// <summary>Draws times on a logarithmic scale, since they range from milliseconds to minutes; a cell shows the
    /// median of its steps.</summary>
    public static string OfTimes(IReadOnlyList<double?> values, int width) =>
        Draw(
            [
                .. Cells(values, width)
                    .Select(known =>
                        known.Length == 0 ? (double?)null : Math.Log10(known.Order().ElementAt(known.Length / 2))
                    ),
            ],
            null
        );

    private static IEnumerable<double[]> Cells(IReadOnlyList<double?> values, int width)
    {
        int cells = Math.Min(width, values.Count);
        for (int cell = 0; cell < cells; cell++)
        {
            int from = cell * values.Count / cells;
            int to = (cell + 1) * values.Count / cells;
            yield return [.. values.Skip(from).Take(to - from).OfType<double>().Where(double.IsFinite)];
        }
    }

    /// <param name="cells">Null for a blank.</param>
    /// <param name="lowest">The lowest value of the scale; null for that of the cells.</param>
    private static string Draw(double?[] cells, double? lowest)
    {
        double low = lowest ?? cells.Min() ?? 0;
        double range = (cells.Max() ?? 0) - low;
        return string.Concat(cells.Select(Block));

        char Block(double? value) =>
            value is not { } known ? ' '
            : range <= 0 ? Blocks[0]
            : Blocks[(int)Math.Round((known - low) / range * (Blocks.Length - 1))];
    }
}
