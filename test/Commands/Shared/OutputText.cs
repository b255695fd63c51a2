using System.Text.RegularExpressions;

namespace FastGate.Test.Commands.Shared;

/// <summary>Output of a verb without what differs between two runs.</summary>
internal static class OutputText
{
    private static readonly char[] Blanks = [' ', '\n', '\r'];
    private static readonly Regex Progress = new(@"^\S+: (loading|pulling)\b.*$", RegexOptions.Multiline);
    private static readonly Regex Number = new(@"[0-9]+([.,][0-9]+)*( (?:ms|µs|s|min|h|B|kB|MB|GB)\b)?");

    /// <summary>The words, however they are wrapped and padded.</summary>
    public static string Words(string text) =>
        string.Join(' ', text.Split(Blanks, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The words, with a sign in place of each number and its unit.</summary>
    public static string WithoutNumbers(string text) => Words(Number.Replace(text, "#"));

    /// <summary>The same, without the lines that <c>warm</c> prints only if a step takes a while.</summary>
    public static string WithoutProgress(string text) => WithoutNumbers(Progress.Replace(text, ""));
}
