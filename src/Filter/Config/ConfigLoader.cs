namespace FastGate.Config;

/// <summary>The way from a config file and flags to a plan, in one call. Reads the file and the interfaces, writes
/// nothing.</summary>
internal static class ConfigLoader
{
    /// <param name="path">The file.</param>
    /// <param name="flags">What stands over it.</param>
    /// <param name="machine">Where it is to run.</param>
    public static ConfigResult Load(ConfigPath path, GateFile flags, Machine machine)
    {
        List<Problem> problems = [];
        List<Problem> warnings = [];
        byte[]? text = ConfigFile.Read(path, problems);
        GateFile file = text is null ? new GateFile() : GateFileReader.Read(path.Path, text, problems);
        // Also when something is wrong already: all problems are told at once.
        GatePlan plan = new GatePlanner(machine, problems, warnings).Plan(file.Under(flags));
        return new ConfigResult
        {
            Path = path,
            IsThere = text is not null,
            Plan = problems.Count == 0 ? plan : null,
            Problems = InOrder(problems),
            Warnings = InOrder(warnings),
        };
    }

    private static IReadOnlyList<Problem> InOrder(List<Problem> problems) =>
        [.. problems.OrderBy(problem => problem.Place.Line).ThenBy(problem => problem.Place.Column)];
}
