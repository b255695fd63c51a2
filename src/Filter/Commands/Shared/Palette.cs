using FastGate.Proxy.AccessLog;

namespace FastGate.Commands.Shared;

/// <summary>The colors of all verbs, each with one meaning. Of the 256 colors that terminals share, because themes make
/// the first 16 too pale on white: these have a contrast of at least 3.9 on white and on black.</summary>
internal static class Palette
{
    /// <summary>The color of what is as it should be: passed, allowed, done.</summary>
    public const string GoodColor = "green4";

    /// <summary>The color of what is wrong, or was refused.</summary>
    public const string BadColor = "red3_1";

    /// <summary>The color of what may need attention.</summary>
    public const string CautionColor = "darkorange3";

    /// <summary>The color of charts.</summary>
    public const string ChartColor = "dodgerblue3";

    public static string Good(string markup) => $"[{GoodColor}]{markup}[/]";

    public static string Bad(string markup) => $"[{BadColor}]{markup}[/]";

    public static string Caution(string markup) => $"[{CautionColor}]{markup}[/]";

    /// <summary>What did not happen, or explains the rest: skipped, unchanged, headings.</summary>
    public static string Quiet(string markup) => $"[dim]{markup}[/]";

    /// <summary>The color of a verdict of the access log; empty for what was allowed, as most requests are.</summary>
    public static string OfVerdict(string verdict) =>
        verdict switch
        {
            LogLine.Allowed => "",
            ['r', 'e', 'f', 'u', 's', 'e', 'd', '-', ..] => BadColor,
            _ => CautionColor,
        };
}
