using System.Globalization;
using System.Text;
using FastGate.Bench.Children;

namespace FastGate.Bench.Report;

/// <summary>Draws a chart as SVG, with the names of the curves at the right end.</summary>
internal sealed class SvgWriter
{
    private const int Width = 820,
        Height = 420,
        Left = 72,
        Right = 640,
        Top = 62,
        Bottom = 362,
        NameGap = 17;

    private static readonly string[] Colours =
    [
        Peers.Gate,
        Peers.Direct,
        Peers.Floor,
        Peers.HaProxy,
        Peers.HaProxyTuned,
        Peers.Nginx,
        Peers.Caddy,
        Peers.Jit,
        Peers.Unofficial,
    ];

    private readonly StringBuilder _svg = new();
    private readonly Chart _chart;
    private readonly Scale _x,
        _y;
    private readonly IReadOnlyList<Tick> _yTicks;

    private SvgWriter(Chart chart)
    {
        _chart = chart;
        IEnumerable<double> heights = chart.Curves.SelectMany(curve => curve.Points).Select(point => point.Y);
        _yTicks = Scale.Ticks(heights.Min(), heights.Max(), chart.LogY);
        _x = new Scale(chart.XTicks[0].At, chart.XTicks[^1].At, Left, Right, log: false);
        _y = new Scale(_yTicks[0].At, _yTicks[^1].At, Bottom, Top, chart.LogY);
    }

    public static string Write(Chart chart)
    {
        SvgWriter writer = new(chart);
        writer.WriteGround();
        writer.WriteAxes();
        // The gate's curve last, so that it is drawn on top.
        foreach (Curve curve in chart.Curves.OrderBy(curve => curve.Name == Peers.Gate))
            writer.WriteCurve(curve);
        writer.WriteNames();
        writer.Add($"</svg>");
        return writer._svg.ToString();
    }

    private void Add(FormattableString line) => _svg.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private void WriteGround()
    {
        Add(
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{Height}\" viewBox=\"0 0 {Width} {Height}\" role=\"img\">"
        );
        Add($"<title>{SvgText.Escape(_chart.Title)}</title>");
        _svg.Append(SvgText.Style).Append('\n');
        Add($"<rect class=\"ground\" x=\"0.5\" y=\"0.5\" width=\"{Width - 1}\" height=\"{Height - 1}\" rx=\"8\"/>");
        Add($"<text class=\"title\" x=\"20\" y=\"28\">{SvgText.Escape(_chart.Title)}</text>");
        Add($"<text x=\"20\" y=\"48\">{SvgText.Escape(_chart.YLabel)}</text>");
    }

    private void WriteAxes()
    {
        foreach (Tick tick in _yTicks)
        {
            string at = SvgText.Number(_y.Place(tick.At));
            Add($"<path class=\"{(tick == _yTicks[0] ? "axis" : "grid")}\" d=\"M{Left} {at}H{Right}\"/>");
            Add($"<text x=\"{Left - 8}\" y=\"{at}\" dy=\"4\" text-anchor=\"end\">{tick.Text}</text>");
        }
        foreach (Tick tick in _chart.XTicks)
        {
            string at = SvgText.Number(_x.Place(tick.At));
            Add($"<path class=\"axis\" d=\"M{at} {Bottom}v5\"/>");
            Add($"<text x=\"{at}\" y=\"{Bottom + 20}\" text-anchor=\"middle\">{SvgText.Escape(tick.Text)}</text>");
        }
        Add(
            $"<text x=\"{(Left + Right) / 2}\" y=\"{Bottom + 42}\" text-anchor=\"middle\">{SvgText.Escape(_chart.XLabel)}</text>"
        );
    }

    private void WriteCurve(Curve curve)
    {
        IEnumerable<string> points = curve.Points.Select(point =>
            $"{SvgText.Number(_x.Place(point.X))} {SvgText.Number(_y.Place(point.Y))}"
        );
        Add($"<path class=\"line {ClassOf(curve)}\" d=\"M{string.Join('L', points)}\"/>");
    }

    // Overlapping names move down; then all move up as far as they exceed the bottom.
    private void WriteNames()
    {
        Curve[] curves = [.. _chart.Curves.OrderBy(curve => EndOf(curve))];
        double[] places = [.. curves.Select(EndOf)];
        for (int i = 1; i < places.Length; i++)
            places[i] = Math.Max(places[i], places[i - 1] + NameGap);
        places[^1] = Math.Min(places[^1], Bottom);
        for (int i = places.Length - 2; i >= 0; i--)
            places[i] = Math.Min(places[i], places[i + 1] - NameGap);
        for (int i = 0; i < curves.Length; i++)
        {
            string end = SvgText.Number(EndOf(curves[i])),
                place = SvgText.Number(places[i]);
            Add($"<path class=\"line {ClassOf(curves[i])}\" d=\"M{Right + 3} {end}L{Right + 14} {place}h12\"/>");
            Add(
                $"<text class=\"{(curves[i].Name == Peers.Gate ? "name" : "")}\" x=\"{Right + 31}\" y=\"{place}\" dy=\"4\">{SvgText.Escape(curves[i].Name)}</text>"
            );
        }
    }

    private double EndOf(Curve curve) => _y.Place(curve.Points[^1].Y);

    private string ClassOf(Curve curve)
    {
        int colour = Array.IndexOf(Colours, curve.Name);
        // Curves that are not subjects get the colors in order.
        if (colour < 0)
            colour = _chart.Curves.TakeWhile(other => other != curve).Count() * 3 % Colours.Length;
        string more = curve.Name switch
        {
            Peers.Gate => " first",
            Peers.Direct or Peers.Floor => " dashed",
            _ => "",
        };
        return $"c{colour}{more}";
    }
}

/// <summary>The style of charts: a card with its own background, readable on light and dark pages.</summary>
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
        .c4 { stroke: #bc4c00 } .c5 { stroke: #1a7f37 } .c6 { stroke: #8250df } .c7 { stroke: #54aeff }
        .c8 { stroke: #bf3989 } .c9 { stroke: #1b7c83 } .c10 { stroke: #9a6700 }
        @media (prefers-color-scheme: dark) {
        .ground { fill: #0d1117; stroke: #30363d } text { fill: #adb6c0 } .title { fill: #f0f6fc }
        .grid { stroke: #21262d } .axis { stroke: #6e7681 }
        .c0 { stroke: #58a6ff } .c1 { stroke: #8b949e } .c2 { stroke: #e6edf3 } .c3 { stroke: #ff7b72 }
        .c4 { stroke: #ffa657 } .c5 { stroke: #3fb950 } .c6 { stroke: #bc8cff } .c7 { stroke: #a5d6ff }
        .c8 { stroke: #f778ba } .c9 { stroke: #56d4dd } .c10 { stroke: #d29922 }
        }
        </style>
        """;

    public static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    public static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace("\"", "&quot;", StringComparison.Ordinal);
}
