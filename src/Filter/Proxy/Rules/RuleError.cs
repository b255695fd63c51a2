using static FastGate.Proxy.Rules.RuleErrorKind;

namespace FastGate.Proxy.Rules;

/// <summary>Why a line of the allowlist is invalid.</summary>
/// <param name="Kind">The kind of error.</param>
/// <param name="Column">The column of the error, in characters from 1.</param>
/// <param name="Detail">A piece of the message that depends on the line, if any.</param>
internal readonly record struct RuleError(RuleErrorKind Kind, int Column, string Detail = "")
{
    /// <summary>What is wrong, and what to write instead.</summary>
    public string Message => RuleMessages.Of(this);
}

/// <summary>The kinds of errors in a line of the allowlist, in the order in which they are checked.</summary>
internal enum RuleErrorKind
{
    None,
    Empty,
    TooLong,
    MethodMissing,
    MethodEmpty,
    MethodCharacter,
    SpaceMissing,
    PathMissing,
    PathStart,
    Space,
    Control,
    NonAscii,
    Backslash,
    Query,
    Fragment,
    Star,
    EmptySegment,
    TrailingSlash,
    TooManySegments,
    Colon,
    DotSegment,
    BadEscape,
    EncodedSeparator,
    EncodedControl,
    DoubleEncoding,
    BraceUnclosed,
    BraceStray,
    ParameterName,
    ParameterMixed,
    RestNotLast,
    UnknownProfile,
}

/// <summary>The message for each <see cref="RuleErrorKind"/>.</summary>
internal static class RuleMessages
{
    public static string Of(RuleError error) =>
        error.Kind switch
        {
            None => "",
            Empty => "the rule is empty; write METHOD /path, such as GET /api/tags",
            TooLong =>
                $"the rule is longer than {RuleParser.CharactersMax} characters, and no request line is; shorten it",
            MethodMissing => "the method is missing; write it before the path, such as GET /api/tags",
            MethodEmpty => "a method is missing; separate methods with one comma and no space, such as GET,HEAD /path",
            MethodCharacter => $"{error.Detail} is not allowed in a method; write a name such as GET or POST",
            SpaceMissing => "the space between the methods and the path is missing; write GET /api/tags, for example",
            PathMissing => "the path is missing; write it after the methods, such as GET /api/tags",
            PathStart => "the path must begin with a slash; write only the path (no host), and separate methods with "
                + "commas, such as GET,HEAD /path",
            Space => "the path contains a space; write one rule per line, and %20 for a space in a literal segment",
            Control => "the path contains a control character; remove it",
            NonAscii => "the path is not ASCII; write other characters as clients send them, percent-encoded UTF-8",
            Backslash => "the path contains a backslash, which FastGate always refuses; write /",
            Query => "a rule has no query; write only the path, and every query is allowed",
            Fragment => "no request contains a fragment; write only the path",
            Star => "* is not a wildcard; write {name} for one segment, or {name...} at the end for all remaining ones",
            EmptySegment => "the path has an empty segment, which FastGate always refuses; write one slash",
            TrailingSlash => "the path ends in a slash, which FastGate always refuses; remove it",
            TooManySegments =>
                $"the path has more than {PathParser.SegmentsMax} segments; write {{name...}} for the last ones",
            Colon => $"a parameter is written in braces; write {{{error.Detail}}}, or %3A for a literal colon here",
            DotSegment => "the path has a . or .. segment, which FastGate always refuses; write the path it leads to",
            BadEscape => "a percent sign must precede two hexadecimal digits; write %25 for the sign itself",
            EncodedSeparator => "the path has an encoded slash or backslash, which FastGate always refuses; remove it",
            EncodedControl => "the path has an encoded control character, which FastGate always refuses; remove it",
            DoubleEncoding => "the path is percent-encoded twice, which FastGate always refuses; encode it once",
            BraceUnclosed => "a brace is not closed; write {name}, or {name...} at the end",
            BraceStray => "a brace is unmatched; write {name} for a parameter, or %7D for a literal brace",
            ParameterName => "a parameter's name is one or more letters, digits, _ and -; write {name}",
            ParameterMixed => "a parameter must be a whole segment; write /{name}/ with nothing beside the braces",
            RestNotLast => "{name...} is allowed only at the end of a path; write {name} here",
            UnknownProfile => $"this profile does not exist; {error.Detail}",
            _ => throw new ArgumentOutOfRangeException(nameof(error), error.Kind, null),
        };
}
