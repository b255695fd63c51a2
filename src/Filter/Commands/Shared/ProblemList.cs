using FastGate.Config;

namespace FastGate.Commands.Shared;

/// <summary>Lists the problems or warnings of a config, one line each, up to a limit: a broken file can have any
/// number.</summary>
internal static class ProblemList
{
    /// <summary>Problems beyond this number are only counted.</summary>
    public const int LinesMax = 20;

    private const int LineLengthMax = 500;

    public static void Write(TextWriter to, ConfigResult config)
    {
        int count = config.Problems.Count;
        to.WriteLine(
            count == 1 ? "fastgate: the config has a problem:" : $"fastgate: the config has {count} problems:"
        );
        foreach (string line in Lines(config.Problems))
            to.WriteLine($"  {line}");
    }

    /// <summary>Returns the first problems, safe for a terminal, then how many more there are.</summary>
    public static IEnumerable<string> Lines(IReadOnlyList<Problem> problems)
    {
        foreach (Problem problem in problems.Take(LinesMax))
            yield return TerminalText.Cut(TerminalText.Prose(problem.ToString()), LineLengthMax);
        if (problems.Count > LinesMax)
            yield return $"… and {problems.Count - LinesMax} more.";
    }
}
