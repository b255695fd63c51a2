namespace FastGate.Proxy.Rules;

/// <summary>One segment of a rule's path: the literal bytes, or the name of a parameter.</summary>
internal readonly record struct Segment(SegmentKind Kind, string Text)
{
    /// <summary>The segment without its parameter's name, which means nothing to matching.</summary>
    public string Shape =>
        Kind switch
        {
            SegmentKind.Parameter => "{}",
            SegmentKind.Rest => "{...}",
            _ => Text,
        };

    public override string ToString() =>
        Kind switch
        {
            SegmentKind.Parameter => $"{{{Text}}}",
            SegmentKind.Rest => $"{{{Text}...}}",
            _ => Text,
        };
}
