namespace FastGate.Test.Differential;

/// <summary>Something that must not be, and the stream that shows it, if that is known.</summary>
internal sealed record Violation(ViolationKind Kind, StreamCase? Stream, string What)
{
    public override string ToString() => $"{Kind}: {What}\n    by {Stream?.ToString() ?? "a stream that is not known"}";
}
