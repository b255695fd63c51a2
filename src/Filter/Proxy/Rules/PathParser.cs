namespace FastGate.Proxy.Rules;

/// <summary>
/// Reads the path of a rule. It refuses what Wire refuses in a request, so that no rule stands in the list that can
/// never match, and that no reader of a rule takes it for something else than Ollama would.
/// </summary>
internal static class PathParser
{
    /// <summary>
    /// The deepest path. Ollama's deepest route has four segments; this bounds every recursion over a rule.
    /// </summary>
    public const int SegmentsMax = 64;

    /// <summary>Reads <paramref name="text"/> from the slash at <paramref name="start"/> to its end.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, int start, List<Segment> segments, out RuleError error)
    {
        error = FirstBadCharacter(text, start);
        if (error.Kind != RuleErrorKind.None)
            return false;
        if (start == text.Length - 1)
            return true; // "/" has no segment

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
