using System.Text.RegularExpressions;

namespace FastGate.Commands.Install.Haproxy;

/// <summary>A line that is not empty.</summary>
/// <param name="Place">Its number, and its file when there are several: <c>line 7</c>.</param>
/// <param name="Text">As it was written, fit to be shown.</param>
/// <param name="Words">Without quotes and comments.</param>
/// <param name="IsUnsure">It stands below an <c>.if</c> whose condition is unknown.</param>
internal sealed record ConfigLine(string Place, string Text, string[] Words, bool IsUnsure)
{
    private const int ShownMax = 120;

    public string Keyword => Words[0];

    public override string ToString() => $"{Place}: {Text}";

    /// <summary>The text for a terminal: no control characters, no credentials, not too long.</summary>
    public static string Show(string text)
    {
        string shown = Credentials.Replace(
            string.Concat(text.Trim().Select(letter => char.IsControl(letter) ? ' ' : letter)),
            "$1…"
        );
        return shown.Length <= ShownMax ? shown : $"{shown[..(ShownMax - 1)]}…";
    }

    private static readonly Regex Credentials = new(
        @"((?:Bearer|Basic)(?:\\?\s)+|sk-)[^\s""'}]+",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    );
}
