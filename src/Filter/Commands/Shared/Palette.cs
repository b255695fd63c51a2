namespace FastGate.Commands.Shared;

/// <summary>The colors of all verbs, each with one meaning. They are among the terminal's own 16 and legible on a white
/// background, which the bright yellow that the console library calls yellow is not.</summary>
internal static class Palette
{
    /// <summary>What is as it should be: passed, allowed, done.</summary>
    public static string Good(string markup) => $"[green]{markup}[/]";

    /// <summary>What is wrong, or was refused.</summary>
    public static string Bad(string markup) => $"[maroon]{markup}[/]";

    /// <summary>What may need attention.</summary>
    public static string Caution(string markup) => $"[olive]{markup}[/]";

    /// <summary>What did not happen, or explains the rest: skipped, unchanged, headings.</summary>
    public static string Quiet(string markup) => $"[dim]{markup}[/]";
}
