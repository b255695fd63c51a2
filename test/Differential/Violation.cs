namespace FastGate.Test.Differential;

/// <summary>A violation, and the stream that caused it, if known.</summary>
internal sealed record Violation(ViolationKind Kind, StreamCase? Stream, string What)
{
    public override string ToString() => $"{Kind}: {What}\n    from {Stream?.ToString() ?? "an unknown stream"}";
}
