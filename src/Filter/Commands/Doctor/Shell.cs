namespace FastGate.Commands.Doctor;

/// <summary>Writes words so that a shell reads them as they are.</summary>
internal static class Shell
{
    /// <summary>As it is if that is safe, else in single quotes.</summary>
    public static string Word(string word) =>
        word.Length > 0
        && word.All(letter =>
            char.IsAsciiLetterOrDigit(letter) || "-_./:=@%+,~".Contains(letter, StringComparison.Ordinal)
        )
            ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
