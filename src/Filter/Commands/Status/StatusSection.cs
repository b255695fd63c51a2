namespace FastGate.Commands.Status;

/// <summary>A part of the status screen.</summary>
/// <param name="Name">What to call it where it is left out.</param>
/// <param name="Rank">Where not all fits, those with a lower rank stay.</param>
/// <param name="Lines">Lines of markup; empty for nothing to show.</param>
internal sealed record StatusSection(string Name, int Rank, IReadOnlyList<string> Lines)
{
    /// <summary>It belongs to the one before, without an empty line between them.</summary>
    public bool IsAttached { get; init; }

    /// <summary>In two columns, it is in the right one.</summary>
    public bool IsRight { get; init; }
}

/// <summary>Puts sections on a screen: below each other, or in two columns, and what fits its height. Pure.</summary>
internal static class StatusLayout
{
    /// <summary>The width from which on there are two columns.</summary>
    public const int TwoColumnsMin = 150;

    private const int Gap = 3;

    /// <summary>The width of a column on a terminal of this width.</summary>
    public static int ColumnWidth(int width, bool isSplit) => isSplit ? (width - Gap) / 2 : width;

    /// <summary>Puts sections below each other.</summary>
    public static IReadOnlyList<string> Stack(IEnumerable<StatusSection> sections)
    {
        List<string> lines = [];
        foreach (StatusSection section in sections.Where(section => section.Lines.Count > 0))
            lines.AddRange(lines.Count > 0 && !section.IsAttached ? section.Lines.Prepend("") : section.Lines);
        return lines;
    }

    /// <summary>Fits one or two columns of sections into a height. The last lines name the sections that were left
    /// out.</summary>
    public static IReadOnlyList<string> Fit(IReadOnlyList<StatusSection[]> columns, int width, int height)
    {
        if (columns.Sum(column => Stack(column).Count) == 0 || columns.Max(column => Stack(column).Count) <= height)
            return Join(columns, width);
        for (int reserve = 1; ; reserve++)
        {
            StatusSection[][] fitting = [.. columns.Select(column => Choose(column, height - reserve).ToArray())];
            IEnumerable<string> missing = columns
                .SelectMany(column => column)
                .Where(section => section.Lines.Count > 0)
                .Except(fitting.SelectMany(column => column))
                .Select(section => section.Name);
            string[] note = [.. TextLines.Words($"Left out: {string.Join(", ", missing)}", width, "dim")];
            if (note.Length <= reserve)
                return [.. Join(fitting, width), .. note];
        }
    }

    private static IReadOnlyList<string> Join(IReadOnlyList<StatusSection[]> columns, int width) =>
        columns is [var left, var right]
            ? [.. TextLines.Beside(Stack(left), Stack(right), ColumnWidth(width, isSplit: true) + Gap)]
            : Stack(columns[0]);

    // In their order on the screen, but the most important ones first.
    private static IEnumerable<StatusSection> Choose(StatusSection[] sections, int height)
    {
        HashSet<StatusSection> chosen = [];
        int used = 0;
        foreach (
            StatusSection section in sections.Where(section => section.Lines.Count > 0).OrderBy(section => section.Rank)
        )
        {
            int lines = section.Lines.Count + (used > 0 && !section.IsAttached ? 1 : 0);
            if (used + lines > height)
                continue;
            chosen.Add(section);
            used += lines;
        }
        return sections.Where(chosen.Contains);
    }
}
