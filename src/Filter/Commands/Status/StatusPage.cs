using FastGate.Commands.Shared;
using FastGate.Proxy.Metrics;

namespace FastGate.Commands.Status;

/// <summary>Renders a frame as lines of markup. No line is wider than the terminal: what does not fit is broken between
/// words, or cut with a mark.</summary>
internal static class StatusPage
{
    /// <summary>Everything, one section below the other.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="width">Of the terminal, in columns.</param>
    public static IReadOnlyList<string> Lines(StatusFrame frame, int width) =>
        frame.Response.Snapshot is { } gate
            ? StatusLayout.Stack(Sections(frame, gate, Usable(width)))
            : Problem(frame, width);

    /// <summary>What fits a terminal, in two columns if it is wide.</summary>
    public static IReadOnlyList<string> Screen(StatusFrame frame, int width, int height)
    {
        if (frame.Response.Snapshot is not { } gate)
            return Problem(frame, width);
        if (height == int.MaxValue)
            return Lines(frame, width);
        bool isSplit = width >= StatusLayout.TwoColumnsMin;
        StatusSection[] sections = Sections(frame, gate, StatusLayout.ColumnWidth(Usable(width), isSplit));
        return StatusLayout.Fit(
            isSplit
                ?
                [
                    [.. sections.Where(section => !section.IsRight)],
                    [.. sections.Where(section => section.IsRight)],
                ]
                : [sections],
            Usable(width),
            // The cursor is on the last line.
            height - 1
        );
    }

    // One column stays free, because some terminals wrap a line that fills the last one.
    private static int Usable(int width) => Math.Max(1, width - 1);

    private static string[] Problem(StatusFrame frame, int width) =>
        [.. TextLines.Words(StatusText.Problem(frame), Usable(width), Palette.CautionColor)];

    /// <summary>The sections in the order in which they are shown below each other.</summary>
    private static StatusSection[] Sections(StatusFrame frame, GateSnapshot gate, int width) =>
        [
            new("the gate", 0, [.. StatusSummary.Program(gate, width)]),
            new("service and files", 7, [.. StatusSummary.Facts(frame, gate, width)]) { IsAttached = true },
            new("bypasses", 1, [.. StatusSummary.Bypasses(gate, width)]),
            new("listeners", 5, [.. StatusSummary.Listeners(gate, width)]),
            new("requests", 2, [.. StatusTraffic.Requests(frame, gate, width)]),
            new("verdicts", 6, [.. StatusTraffic.Verdicts(gate, width)]) { IsAttached = true },
            new("requests in flight", 3, [.. StatusTraffic.InFlight(gate.InFlight, width)]) { IsRight = true },
            new("refused routes", 4, [.. StatusTraffic.Refused(gate, width)]) { IsRight = true },
            new("times", 8, [.. StatusTraffic.Times(gate)]),
            new("rules", 9, [.. StatusTraffic.Rules(gate, width)]) { IsRight = true },
            new("ended connections", 10, [.. StatusSummary.Ended(gate, width)]),
        ];
}
