namespace FastGate.Commands.Doctor;

/// <summary>Quotes words for a shell.</summary>
internal static class Shell
{
    /// <summary>The word itself if it is safe, else in single quotes.</summary>
    public static string Word(string word) =>
        word.Length > 0
        && word.All(letter =>
            char.IsAsciiLetterOrDigit(letter) || "-_./:=@%+,~".Contains(letter, StringComparison.Ordinal)
        )
            ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
