namespace FastGate.Proxy.Rules;

/// <summary>One segment of a rule's path: literal bytes, or the name of a parameter.</summary>
internal readonly record struct Segment(SegmentKind Kind, string Text)
{
    /// <summary>The segment without the parameter's name, which does not affect matching.</summary>
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

/// <summary>The kinds of segments in a rule's path.</summary>
internal enum SegmentKind
{
    /// <summary>Matches exactly these bytes, undecoded.</summary>
    Literal,

    /// <summary><c>{name}</c>: matches one segment that <see cref="ParameterSegments"/> accepts.</summary>
    Parameter,

    /// <summary><c>{name...}</c>, at the end only: matches one or more such segments.</summary>
    Rest,
}
