using FastGate.Config;

namespace FastGate.Cli;

/// <summary>Writes all that is wrong with a config, one line each.</summary>
internal static class ProblemList
{
    public static void Write(TextWriter to, ConfigResult config)
    {
        int count = config.Problems.Count;
        to.WriteLine(count == 1 ? "fastgate: there is a problem with the config." : $"fastgate: there are {count} problems with the config.");
        foreach (Problem problem in config.Problems) to.WriteLine($"  {problem}");
    }
}
