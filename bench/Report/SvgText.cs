using System.Globalization;

namespace FastGate.Bench.Report;

/// <summary>How charts look: a card with its own ground, so that it reads on a light and on a dark page.</summary>
internal static class SvgText
{
    public const string Style = """
        <style>
        .ground { fill: #ffffff; stroke: #d0d7de }
        text { font: 12px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #424a53 }
        .title { font-size: 15px; font-weight: 600; fill: #1f2328 }
        .grid { stroke: #e3e7eb } .axis { stroke: #8c959f }
        .line { fill: none; stroke-width: 1.75; stroke-linejoin: round }
        .first { stroke-width: 3.25 } .name { font-weight: 600 } .dashed { stroke-dasharray: 5 4 }
        .c0 { stroke: #0969da } .c1 { stroke: #6e7781 } .c2 { stroke: #1f2328 } .c3 { stroke: #cf222e }
        .c4 { stroke: #bc4c00 } .c5 { stroke: #1a7f37 } .c6 { stroke: #8250df }
        @media (prefers-color-scheme: dark) {
        .ground { fill: #0d1117; stroke: #30363d } text { fill: #adb6c0 } .title { fill: #f0f6fc }
        .grid { stroke: #21262d } .axis { stroke: #6e7681 }
        .c0 { stroke: #58a6ff } .c1 { stroke: #8b949e } .c2 { stroke: #e6edf3 } .c3 { stroke: #ff7b72 }
        .c4 { stroke: #ffa657 } .c5 { stroke: #3fb950 } .c6 { stroke: #bc8cff }
        }
        </style>
        """;

    public static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    public static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace("\"", "&quot;", StringComparison.Ordinal);
}
