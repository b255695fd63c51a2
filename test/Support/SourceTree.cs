namespace FastGate.Test.Support;

/// <summary>The root folder of the sources, found upwards from the built tests, and the program under test.</summary>
internal static class SourceTree
{
    /// <summary>Path of another program to test, such as a native binary, in place of the one built here.</summary>
    public const string ProgramVariable = "FASTGATE_PROGRAM";

    public static string Root { get; } = Find();

    /// <summary>
    /// The program, built together with these tests. The copy in the tests' own folder would need libraries that only
    /// the tests reference.
    /// </summary>
    public static string BuiltProgram { get; } =
        Path.Combine(
            Root,
            "src",
            "Filter",
            Path.GetRelativePath(Path.Combine(Root, "test"), AppContext.BaseDirectory),
            "fastgate"
        );

    /// <summary>The program that tests start: <see cref="ProgramVariable"/>, or the built one.</summary>
    public static string Program { get; } = FindProgram();

    private static string FindProgram()
    {
        if (Environment.GetEnvironmentVariable(ProgramVariable) is not { Length: > 0 } chosen)
            return BuiltProgram;
        // A misspelled path must not turn into a test of the built program.
        return File.Exists(chosen)
            ? Path.GetFullPath(chosen)
            : throw new FileNotFoundException($"{ProgramVariable} names no file: {chosen}");
    }

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "FastGate.sln")))
                return folder.FullName;
        }
        throw new DirectoryNotFoundException($"No FastGate.sln above {AppContext.BaseDirectory}.");
    }
}
