namespace FastGate.Config;

/// <summary>Something that is wrong, or odd, in what was said.</summary>
/// <param name="Place">Where.</param>
/// <param name="Message">What is wrong and what to write instead, as one line without a final stop.</param>
internal sealed record Problem(SourceLocation Place, string Message)
{
    public override string ToString() => $"{Place}: {Message}";
}
