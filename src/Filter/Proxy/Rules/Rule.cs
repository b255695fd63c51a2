using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace FastGate.Proxy.Rules;

/// <summary>One line of the allowlist: some methods on one path. Immutable.</summary>
internal sealed class Rule
{
    private readonly string _text;

    internal Rule(IReadOnlyList<string> methods, IReadOnlyList<Segment> segments)
    {
        Methods = methods;
        Segments = segments;
        Path = segments.Count == 0 ? "/" : string.Concat(segments.Select(segment => $"/{segment}"));
        Shape = segments.Count == 0 ? "/" : string.Concat(segments.Select(segment => $"/{segment.Shape}"));
        _text = $"{string.Join(',', methods)} {Path}";
        Utf8 = Encoding.ASCII.GetBytes(_text);
    }

    /// <summary>
    /// The methods in the order of the rule, without duplicates. Case-sensitive (RFC 9110 §9.1).
    /// </summary>
    public IReadOnlyList<string> Methods { get; }

    /// <summary>The path as written in the rule: <c>/v1/models/{model}</c>.</summary>
    public string Path { get; }

    /// <summary>The canonical form as ASCII, which the access log copies.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; }

    /// <summary>The segments of the path; none for <c>/</c>.</summary>
    internal IReadOnlyList<Segment> Segments { get; }

    /// <summary>
    /// The path without the names of its parameters: two rules with equal shapes match the same paths.
    /// </summary>
    internal string Shape { get; }

    /// <summary>
    /// Parses <c>METHOD[,METHOD] /path/{parameter}</c>; <paramref name="error"/> says where and why it is invalid.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out Rule? rule, out RuleError error) =>
        RuleParser.TryParse(text, out rule, out error);

    /// <summary>Parses a rule from source code, where an invalid one is a bug.</summary>
    /// <exception cref="FormatException">The rule is invalid.</exception>
    public static Rule Parse(string text) =>
        TryParse(text, out Rule? rule, out RuleError error)
            ? rule
            : throw new FormatException($"\"{text}\", column {error.Column}: {error.Message}");

    /// <summary>The canonical form: <c>GET,HEAD /v1/models/{model}</c>.</summary>
    public override string ToString() => _text;
}
