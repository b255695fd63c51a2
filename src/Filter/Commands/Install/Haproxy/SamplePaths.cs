using FastGate.Proxy.Rules;

namespace FastGate.Commands.Install.Haproxy;

/// <summary>Paths that a rule means, to be tried on a configuration.</summary>
internal static class SamplePaths
{
    /// <summary>Names of models, with a tag and without: a regular expression may take only one.</summary>
    private static readonly string[] Names = ["llama3.2:3b", "qwen3"];

    public static IEnumerable<string> Of(Rule rule) =>
        rule.Segments.All(segment => segment.Kind == SegmentKind.Literal)
            ? [rule.Path]
            : Names.Select(name =>
                string.Concat(
                    rule.Segments.Select(segment => $"/{(segment.Kind == SegmentKind.Literal ? segment.Text : name)}")
                )
            );
}
