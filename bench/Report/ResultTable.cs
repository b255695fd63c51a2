using System.Text;
using FastGate.Bench.Children;

namespace FastGate.Bench.Report;

/// <summary>A table of results: names on the left, figures on the right.</summary>
/// <param name="Title">The measurement, with its unit.</param>
/// <param name="Columns">Column headings; the first column names the rows.</param>
internal sealed record ResultTable(string Title, params string[] Columns)
{
    public List<string[]> Rows { get; } = [];

    public void Add(params string[] row) => Rows.Add(row);
}

/// <summary>Renders a table as Markdown that is also readable as plain text.</summary>
internal static class MarkdownTable
{
    public static string Of(ResultTable table)
    {
        string[][] rows = [.. table.Rows.Select(row => row[0] == Peers.Gate ? [.. row.Select(Stressed)] : row)];
        int[] widths =
        [
            .. table.Columns.Select((column, i) => rows.Select(row => row[i].Length).Append(column.Length).Max()),
        ];
        StringBuilder text = new();
        Add(text, table.Columns, widths);
        Add(
            text,
            [.. widths.Select((width, i) => i == 0 ? new string('-', width) : $"{new string('-', width - 1)}:")],
            widths
        );
        foreach (string[] row in rows)
            Add(text, row, widths);
        return text.ToString();
    }

    private static string Stressed(string cell) => cell.Length == 0 ? cell : $"**{cell}**";

    private static void Add(StringBuilder text, string[] cells, int[] widths)
    {
        for (int i = 0; i < cells.Length; i++)
            text.Append("| ").Append(i == 0 ? cells[i].PadRight(widths[i]) : cells[i].PadLeft(widths[i])).Append(' ');
        text.Append("|\n");
    }
}
