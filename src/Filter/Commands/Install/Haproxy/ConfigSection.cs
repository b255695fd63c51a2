namespace FastGate.Commands.Install.Haproxy;

/// <summary>A section, from its heading to the next: <c>frontend models</c>.</summary>
/// <param name="Heading">The line that begins it.</param>
internal sealed record ConfigSection(ConfigLine Heading)
{
    public string Kind => Heading.Keyword;

    public string Name => Heading.Words.Length > 1 ? Heading.Words[1] : "";

    /// <summary>The lines below the heading.</summary>
    public List<ConfigLine> Lines { get; } = [];

    public override string ToString() => $"{Kind} {Name}".TrimEnd();
}
