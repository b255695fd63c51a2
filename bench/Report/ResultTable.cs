namespace FastGate.Bench.Report;

/// <summary>Figures as they are shown: names to the left, figures to the right.</summary>
/// <param name="Title">What was measured, with its unit.</param>
/// <param name="Columns">The first one names the rows.</param>
internal sealed record ResultTable(string Title, params string[] Columns)
{
    public List<string[]> Rows { get; } = [];

    public void Add(params string[] row) => Rows.Add(row);
}
