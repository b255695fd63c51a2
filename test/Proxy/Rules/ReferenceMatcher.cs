using FastGate.Proxy.Rules;

namespace FastGate.Test.Proxy.Rules;

/// <summary>
/// Matches a request with every rule in turn: slow and simple. It shares no code with <see cref="RuleSet"/>, which must
/// agree with it.
/// </summary>
internal static class ReferenceMatcher
{
    /// <summary>
    /// Returns the kind of match, and the index of the most specific rule.
    /// </summary>
    public static (RouteMatchKind Kind, int RuleIndex) Match(IReadOnlyList<string> rules, string method, string path)
    {
        bool known = false;
        (string Specificity, int Index)? best = null;
        for (int index = 0; index < rules.Count; index++)
        {
            string[] parts = rules[index].Split(' ');
            if (Specificity(parts[1], path) is not string specificity)
                continue;
            known = true;
            if (
                parts[0].Split(',').Contains(method)
                && (best is null || string.CompareOrdinal(specificity, best.Value.Specificity) < 0)
            )
                best = (specificity, index);
        }
        return best is not null
            ? (RouteMatchKind.Allowed, best.Value.Index)
            : (known ? RouteMatchKind.MethodNotAllowed : RouteMatchKind.UnknownPath, -1);
    }

    /// <summary>Printable ASCII when decoded, one segment, not a dot segment, not encoded twice.</summary>
    public static bool IsParameterSegment(string segment)
    {
        if (segment.Contains(' ') || Decode(segment) is not string decoded)
            return false;
        return decoded is not ("" or "." or "..")
            && decoded.All(letter => letter is >= ' ' and <= '~' and not '/' and not '\\')
            && !HasEscape(decoded);
    }

    // One character per segment: 0 for a literal, 1 for a parameter, 2 for the rest. Null if the path does not match.
    private static string? Specificity(string pattern, string path)
    {
        if (pattern == "/" || path == "/" || !path.StartsWith('/'))
            return pattern == path ? "" : null;
        string[] wanted = pattern[1..].Split('/');
        string[] given = path[1..].Split('/');
        string specificity = "";
        for (int i = 0; i < wanted.Length; i++)
        {
            if (wanted[i].EndsWith("...}", StringComparison.Ordinal))
                return given.Length > i && given[i..].All(IsParameterSegment) ? specificity + '2' : null;
            bool isParameter = wanted[i][0] == '{';
            if (i >= given.Length || !(isParameter ? IsParameterSegment(given[i]) : wanted[i] == given[i]))
                return null;
            specificity += isParameter ? '1' : '0';
        }
        return wanted.Length == given.Length ? specificity : null;
    }

    private static string? Decode(string segment)
    {
        string decoded = "";
        for (int i = 0; i < segment.Length; i++)
        {
            if (segment[i] != '%')
            {
                decoded += segment[i];
                continue;
            }
            if (!IsEscapeAt(segment, i))
                return null;
            decoded += (char)Convert.FromHexString(segment.AsSpan(i + 1, 2))[0];
            i += 2;
        }
        return decoded;
    }

    private static bool HasEscape(string text) => Enumerable.Range(0, text.Length).Any(i => IsEscapeAt(text, i));

    private static bool IsEscapeAt(string text, int at) =>
        text[at] == '%' && at + 2 < text.Length && Uri.IsHexDigit(text[at + 1]) && Uri.IsHexDigit(text[at + 2]);
}
