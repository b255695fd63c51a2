using System.Text;

namespace FastGate.Proxy.Rules;

/// <summary>Reads one segment of a rule's path: a literal, <c>{name}</c> or <c>{name...}</c>.</summary>
internal static class SegmentParser
{
    private const string RestMark = "...";

    /// <summary>Adds the segment to <paramref name="segments"/>, or returns the error.</summary>
    /// <param name="text">The segment without slashes, visible ASCII.</param>
    /// <param name="column">The 1-based column of its first character.</param>
    /// <param name="last">Whether the path ends with it.</param>
    /// <param name="segments">The segments before it.</param>
    public static RuleError Read(ReadOnlySpan<char> text, int column, bool last, List<Segment> segments)
    {
        if (text.IsEmpty)
            return new RuleError(last ? RuleErrorKind.TrailingSlash : RuleErrorKind.EmptySegment, column);
        return text.ContainsAny('{', '}')
            ? ReadParameter(text, column, last, segments)
            : ReadLiteral(text, column, segments);
    }

    private static RuleError ReadLiteral(ReadOnlySpan<char> text, int column, List<Segment> segments)
    {
        // Ollama's own router (gin) writes parameters so; a rule copied from there must not become a literal.
        if (text[0] == ':')
            return new RuleError(RuleErrorKind.Colon, column, text.Length > 1 ? text[1..].ToString() : "name");

        string literal = text.ToString();
        (RuleErrorKind kind, int at) = LiteralSegments.FirstFault(Encoding.ASCII.GetBytes(literal));
        if (kind != RuleErrorKind.None)
            return new RuleError(kind, column + at);
        segments.Add(new Segment(SegmentKind.Literal, literal));
        return default;
    }

    private static RuleError ReadParameter(ReadOnlySpan<char> text, int column, bool last, List<Segment> segments)
    {
        int open = text.IndexOf('{');
        int close = text.IndexOf('}');
        if (open < 0 || (close >= 0 && close < open))
            return new RuleError(RuleErrorKind.BraceStray, column + close);
        if (close < 0)
            return new RuleError(RuleErrorKind.BraceUnclosed, column + open);
        if (open > 0 || close < text.Length - 1)
            return new RuleError(RuleErrorKind.ParameterMixed, open > 0 ? column : column + close + 1);

        ReadOnlySpan<char> name = text[1..^1];
        bool rest = name.EndsWith(RestMark);
        if (rest)
            name = name[..^RestMark.Length];
        if (!IsName(name))
            return new RuleError(RuleErrorKind.ParameterName, column + 1);
        if (rest && !last)
            return new RuleError(RuleErrorKind.RestNotLast, column);

        segments.Add(new Segment(rest ? SegmentKind.Rest : SegmentKind.Parameter, name.ToString()));
        return default;
    }

    private static bool IsName(ReadOnlySpan<char> name)
    {
        foreach (char letter in name)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('_' or '-'))
                return false;
        }
        return !name.IsEmpty;
    }
}
