namespace FastGate.Test.Proxy.Wire;

/// <summary>The heads that real clients sent, as <c>test/Corpus/captures</c> has them.</summary>
internal static class Captures
{
    public static IReadOnlyList<(string Name, byte[] Bytes)> All { get; } =
    [
        .. Directory
            .GetFiles(Path.Combine(Corpus.Folder, "captures"), "*.http", SearchOption.AllDirectories)
            .Order()
            .Select(file => (Path.GetRelativePath(Corpus.Folder, file), File.ReadAllBytes(file))),
    ];
}
