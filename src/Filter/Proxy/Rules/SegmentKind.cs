namespace FastGate.Proxy.Rules;

/// <summary>What a segment of a rule's path matches.</summary>
internal enum SegmentKind
{
    /// <summary>Exactly these bytes, undecoded.</summary>
    Literal,

    /// <summary><c>{name}</c>: any one segment that <see cref="ParameterSegments"/> accepts.</summary>
    Parameter,

    /// <summary><c>{name...}</c>, last only: one or more such segments.</summary>
    Rest,
}
