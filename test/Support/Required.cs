using System.Diagnostics.CodeAnalysis;

namespace FastGate.Test.Support;

/// <summary>
/// Requirements of a test on the machine: if one is missing, the test is inconclusive, or fails where everything is
/// required.
/// </summary>
internal static class Required
{
    /// <summary>Set to 1 where nothing may be missing, as in CI.</summary>
    public const string Variable = "FASTGATE_REQUIRE_ALL";

    [DoesNotReturn]
    public static void Missing(string what)
    {
        if (Environment.GetEnvironmentVariable(Variable) == "1")
            throw new AssertFailedException($"{Variable}=1, but what this test needs is missing: {what}.");
        throw new AssertInconclusiveException($"Not run, missing: {what}.");
    }

    /// <summary>The full path of a program on PATH.</summary>
    public static string Tool(string name)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        var found = folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        if (found is null)
            Missing($"program '{name}' on PATH");
        return found;
    }
}
