namespace FastGate.Test.Support;

/// <summary>The root folder of the sources, found upwards from the built tests.</summary>
internal static class SourceTree
{
    public static string Root { get; } = Find();

    /// <summary>
    /// The program, built together with these tests. The copy in the tests' own folder would need libraries that only
    /// the tests reference.
    /// </summary>
    public static string Program { get; } =
        Path.Combine(
            Root,
            "src",
            "Filter",
            Path.GetRelativePath(Path.Combine(Root, "test"), AppContext.BaseDirectory),
            "fastgate"
        );

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
