namespace FastGate.Install;

/// <summary>Something that an HAProxy set-up lets through, with any method.</summary>
/// <param name="Path">The path, or how it begins.</param>
/// <param name="IsPrefix">Whatever follows is let through as well.</param>
internal readonly record struct HaproxyAllow(string Path, bool IsPrefix)
{
    public override string ToString() => IsPrefix ? $"{Path}…" : Path;
}
