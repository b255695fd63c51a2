using System.Text;

namespace FastGate.Proxy.Rules;

/// <summary>
/// Parses the path of a rule. It rejects what Wire rejects in a request, so that every rule can match, and means the
/// same to its reader and to Ollama.
/// </summary>
internal static class PathParser
{
    /// <summary>
    /// The maximum depth, which bounds every recursion over a rule. Ollama's deepest route has four segments.
    /// </summary>
    public const int SegmentsMax = 64;

    /// <summary>Parses <paramref name="text"/> from the slash at <paramref name="start"/> to its end.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, int start, List<Segment> segments, out RuleError error)
    {
        error = FirstBadCharacter(text, start);
        if (error.Kind != RuleErrorKind.None)
            return false;
        if (start == text.Length - 1)
            return true; // "/" has no segments

        for (int at = start; at < text.Length && error.Kind == RuleErrorKind.None; )
        {
            int begin = at + 1;
            int length = text[begin..].IndexOf('/');
            bool last = length < 0;
            at = last ? text.Length : begin + length;
            error =
                segments.Count == SegmentsMax
                    ? new RuleError(RuleErrorKind.TooManySegments, begin + 1)
                    : SegmentParser.Read(text[begin..at], begin + 1, last, segments);
        }
        return error.Kind == RuleErrorKind.None;
    }

    private static RuleError FirstBadCharacter(ReadOnlySpan<char> text, int start)
    {
        for (int at = start; at < text.Length; at++)
        {
            RuleErrorKind kind = text[at] switch
            {
                ' ' => RuleErrorKind.Space,
                < ' ' or '\x7F' => RuleErrorKind.Control,
                > '\x7F' => RuleErrorKind.NonAscii,
                '\\' => RuleErrorKind.Backslash,
                '?' => RuleErrorKind.Query,
                '#' => RuleErrorKind.Fragment,
                '*' => RuleErrorKind.Star,
                _ => RuleErrorKind.None,
            };
            if (kind != RuleErrorKind.None)
                return new RuleError(kind, at + 1);
        }
        return default;
    }
}

/// <summary>Parses one segment of a rule's path: a literal, <c>{name}</c> or <c>{name...}</c>.</summary>
internal static class SegmentParser
{
    private const string RestMark = "...";

    /// <summary>Adds the segment to <paramref name="segments"/>, or returns the error.</summary>
    /// <param name="text">The segment without slashes, visible ASCII.</param>
    /// <param name="column">The column of its first character, from 1.</param>
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
        // Ollama's router (gin) writes parameters like this; a rule copied from there must not become a literal.
        if (text[0] == ':')
            return new RuleError(RuleErrorKind.Colon, column, text.Length > 1 ? text[1..].ToString() : "name");

        string literal = text.ToString();
        (RuleErrorKind kind, int at) = LiteralSegments.FirstError(Encoding.ASCII.GetBytes(literal));
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
