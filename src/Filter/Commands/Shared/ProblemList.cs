using FastGate.Config;

namespace FastGate.Commands.Shared;

/// <summary>What is wrong with a config, one line each, as many as a person reads: a broken file can have any
/// number.</summary>
internal static class ProblemList
{
    /// <summary>More are counted, and told when these are mended.</summary>
    public const int TextsMax = 20;

    private const int TextLengthMax = 500;

    public static void Write(TextWriter to, ConfigResult config)
    {
        int count = config.Problems.Count;
        to.WriteLine(
            count == 1
                ? "fastgate: there is a problem with the config."
                : $"fastgate: there are {count} problems with the config."
        );
        foreach (string text in Texts(config.Problems))
            to.WriteLine($"  {text}");
    }

    /// <summary>The first of them, fit for a terminal, and how many more there are.</summary>
    public static IEnumerable<string> Texts(IReadOnlyList<Problem> problems)
    {
        foreach (Problem problem in problems.Take(TextsMax))
            yield return TerminalText.Cut(TerminalText.Prose(problem.ToString()), TextLengthMax);
        if (problems.Count > TextsMax)
            yield return $"… and {problems.Count - TextsMax} more.";
    }
}
