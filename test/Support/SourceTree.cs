namespace FastGate.Test.Support;

/// <summary>The folder of the sources, found upwards from the built tests.</summary>
internal static class SourceTree
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "FastGate.sln"))) return folder.FullName;
        }
        throw new DirectoryNotFoundException($"No FastGate.sln above {AppContext.BaseDirectory}.");
    }
}
