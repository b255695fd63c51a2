namespace FastGate.Bench.Children;

/// <summary>The lower bound for a proxy: a C program that copies bytes with epoll and parses nothing. Built where a C
/// compiler is installed.</summary>
internal static class FloorProgram
{
    /// <returns>The path of the program, or null.</returns>
    public static string? TryBuild(Action<string> report)
    {
        if (!OperatingSystem.IsLinux())
        {
            report("The C floor needs epoll: not measured.");
            return null;
        }
        string program = Path.Combine(ChildProcesses.NewFolder(), "floor");
        string? output = Programs.Run("cc", "-O2", "-o", program, Programs.Beside("floor.c"));
        if (output is null || !File.Exists(program))
        {
            report("No working C compiler (cc): the C floor is not measured.");
            return null;
        }
        return program;
    }
}
