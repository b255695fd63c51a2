namespace FastGate.Bench.Children;

/// <summary>The C copier that nothing of this kind can beat: epoll and bytes, no parsing. Built where there is a
/// compiler.</summary>
internal static class FloorProgram
{
    /// <returns>The path of the program, or null.</returns>
    public static string? TryBuild(Action<string> tell)
    {
        if (!OperatingSystem.IsLinux())
        {
            tell("The C floor needs epoll: not measured.");
            return null;
        }
        string program = Path.Combine(Household.NewFolder(), "floor");
        string? said = Programs.Ask("cc", "-O2", "-o", program, Programs.Beside("floor.c"));
        if (said is null || !File.Exists(program))
        {
            tell("There is no working C compiler (cc): the C floor is not measured.");
            return null;
        }
        return program;
    }
}
