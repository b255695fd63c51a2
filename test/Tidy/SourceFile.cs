namespace FastGate.Test.Tidy;

/// <summary>One file of the tree: its path from the repository's root, with slashes, and its text.</summary>
internal sealed record SourceFile(string Path, string Text)
{
    private const string Filter = "src/Filter/";

    /// <summary>The text without comments and literals.</summary>
    public string Code { get; } = CodeText.Of(Text);

    public bool IsCSharp => Path.EndsWith(".cs", StringComparison.Ordinal);

    /// <summary>The folder in src/Filter, "Launchd" for the leaf library; empty beside them.</summary>
    public string Room =>
        Path.StartsWith("src/Launchd/", StringComparison.Ordinal) ? "Launchd"
        : Path.StartsWith(Filter, StringComparison.Ordinal) && Path.IndexOf('/', Filter.Length) is var end and > 0
            ? Path[Filter.Length..end]
        : "";
}
