using static FastGate.Proxy.Rules.RuleErrorKind;

namespace FastGate.Proxy.Rules;

/// <summary>The one table from a <see cref="RuleErrorKind"/> to the sentence that people read.</summary>
internal static class RuleMessages
{
    public static string Of(RuleError error) =>
        error.Kind switch
        {
            None => "",
            Empty => "a rule is empty: write METHOD /path, such as GET /api/tags",
            TooLong => $"a rule has at most {RuleParser.CharactersMax} characters; no request line is longer",
            MethodMissing => "a method is missing: write it before the path, such as GET /api/tags",
            MethodEmpty =>
                "a method is missing: write methods with one comma and no space between, such as GET,HEAD /path",
            MethodCharacter => $"{error.Detail} cannot be in a method: write a name such as GET or POST",
            SpaceMissing => "a space is missing: write one between the methods and the path, such as GET /api/tags",
            PathMissing => "a path is missing: write it after the methods, such as GET /api/tags",
            PathStart => "a path begins with a slash: write only the path (no host), and join methods with commas: "
                + "GET,HEAD /path",
            Space => "a path has no spaces: write one rule a line, and %20 for a space in a literal segment",
            Control => "a path has no control characters: remove it",
            NonAscii => "a path is ASCII: write other characters as the client sends them, percent-encoded UTF-8",
            Backslash => "the gate refuses every path with a backslash: write /",
            Query => "a rule has no query: write the path only, every query of it is allowed",
            Fragment => "a request never has a fragment: write the path only",
            Star => "* is not a wildcard: write {name} for one segment, or {name...} at the end for all that follow",
            EmptySegment => "the gate refuses every path with an empty segment: write one slash",
            TrailingSlash => "the gate refuses every path that ends in a slash: remove it",
            TooManySegments =>
                $"a path has at most {PathParser.SegmentsMax} segments: write {{name...}} for the last ones",
            Colon =>
                $"a parameter stands in braces: write {{{error.Detail}}}, or %3A for a literal colon at this place",
            DotSegment => "the gate refuses every path with a . or .. segment: write the path that is meant",
            BadEscape => "a percent sign begins two hexadecimal digits: write %25 for the sign itself",
            EncodedSeparator => "the gate refuses every path with an encoded slash or backslash: remove it",
            EncodedControl => "the gate refuses every path with an encoded control character: remove it",
            DoubleEncoding => "the gate refuses every path that is percent-encoded twice: encode it once",
            BraceUnclosed => "a brace is not closed: write {name}, or {name...} at the end",
            BraceStray => "a brace stands alone: write {name} for a parameter, or %7D for a literal brace",
            ParameterName => "a parameter's name has letters, digits, _ and -, and at least one of them: write {name}",
            ParameterMixed => "a parameter is a whole segment: write /{name}/ with nothing beside the braces",
            RestNotLast => "{name...} stands only at the end of a path: write {name} here",
            UnknownProfile => $"no profile has this name: {error.Detail}",
            _ => throw new ArgumentOutOfRangeException(nameof(error), error.Kind, null),
        };
}
