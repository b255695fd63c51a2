using FastGate.Test.Support;
using FilePath = System.IO.Path;

namespace FastGate.Test.Tidy;

/// <summary>One file of the tree: its path from the repository's root, with slashes, and its text.</summary>
internal sealed record SourceFile(string Path, string Text)
{
    private const string Filter = "src/Filter/";

    /// <summary>The text without comments and literals.</summary>
    public string Code { get; } = CodeText.Of(Text);

    public bool IsCSharp => Path.EndsWith(".cs", StringComparison.Ordinal);

    /// <summary>Reads the code and project files under src of the repository that this test was built from.</summary>
    public static IReadOnlyList<SourceFile> ReadAll() =>
        [
            .. from path in Directory.EnumerateFiles(
                FilePath.Combine(SourceTree.Root, "src"),
                "*",
                SearchOption.AllDirectories
            )
            let relative = FilePath.GetRelativePath(SourceTree.Root, path).Replace('\\', '/')
            where
                !relative.Contains("/bin/", StringComparison.Ordinal)
                && !relative.Contains("/obj/", StringComparison.Ordinal)
            where FilePath.GetExtension(path) is ".cs" or ".csproj"
            orderby relative
            select new SourceFile(relative, File.ReadAllText(path)),
        ];

    /// <summary>
    /// The folder in src/Filter, with its wing if it lies in one: "Config", "Proxy/Gate"; "Launchd" for the leaf library;
    /// empty beside them.
    /// </summary>
    public string Room =>
        Path.StartsWith("src/Launchd/", StringComparison.Ordinal) ? "Launchd"
        : Path.StartsWith(Filter, StringComparison.Ordinal)
            ? string.Join('/', Path[Filter.Length..].Split('/')[..^1].Take(2))
        : "";
}
