namespace FastGate.Test.Tidy;

/// <summary>The files under src of the repository that this test was built from.</summary>
internal static class SourceTree
{
    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<SourceFile> Read() =>
        [
            .. from path in Directory.EnumerateFiles(Path.Combine(Root, "src"), "*", SearchOption.AllDirectories)
            let relative = Path.GetRelativePath(Root, path).Replace('\\', '/')
            where
                !relative.Contains("/bin/", StringComparison.Ordinal)
                && !relative.Contains("/obj/", StringComparison.Ordinal)
            where Path.GetExtension(path) is ".cs" or ".csproj"
            orderby relative
            select new SourceFile(relative, File.ReadAllText(path)),
        ];

    private static string FindRoot()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "FastGate.sln")))
                return at.FullName;

        throw new InvalidOperationException($"No FastGate.sln above {AppContext.BaseDirectory}");
    }
}
