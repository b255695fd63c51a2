using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace FastGate.Proxy.Rules;

/// <summary>Parses one rule from left to right, and stops at the first error.</summary>
internal ref struct RuleParser
{
    /// <summary>The maximum length of a rule. A longer one could never match, since Wire's limit for request lines is
    /// lower.</summary>
    public const int CharactersMax = 8192;

    // RFC 9110 §5.6.2: tchar.
    private static readonly SearchValues<char> TokenCharacters = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    );

    private readonly ReadOnlySpan<char> _text;
    private int _at;
    private RuleError _error;

    private RuleParser(ReadOnlySpan<char> text) => _text = text.TrimEnd(" \t");

    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out Rule? rule, out RuleError error)
    {
        var parser = new RuleParser(text);
        List<string> methods = [];
        List<Segment> segments = [];
        bool parsed =
            parser.TryReadMethods(methods) && PathParser.TryRead(parser._text, parser._at, segments, out parser._error);
        rule = parsed ? new Rule(methods, segments) : null;
        error = parser._error;
        return parsed;
    }

    // Advances to the slash that begins the path.
    private bool TryReadMethods(List<string> methods)
    {
        SkipBlanks();
        if (_at == _text.Length)
            return Fail(RuleErrorKind.Empty);
        if (_text.Length > CharactersMax)
            return Fail(RuleErrorKind.TooLong);
        if (_text[_at] == '/')
            return Fail(RuleErrorKind.MethodMissing);

        do
        {
            if (!TryReadMethod(methods))
                return false;
        } while (TrySkipComma());

        return AtPath();
    }

    private bool TryReadMethod(List<string> methods)
    {
        ReadOnlySpan<char> rest = _text[_at..];
        int length = rest.IndexOfAnyExcept(TokenCharacters);
        if (length == 0)
            return rest[0] is ',' or ' ' or '\t' or '/' ? Fail(RuleErrorKind.MethodEmpty) : FailAtCharacter();

        string method = rest[..(length < 0 ? rest.Length : length)].ToString();
        if (method.Length == 0)
            return Fail(RuleErrorKind.MethodEmpty);
        if (!methods.Contains(method))
            methods.Add(method);
        _at += method.Length;
        return true;
    }

    private bool TrySkipComma()
    {
        if (_at == _text.Length || _text[_at] != ',')
            return false;
        _at++;
        return true;
    }

    private bool AtPath()
    {
        if (_at == _text.Length)
            return Fail(RuleErrorKind.PathMissing);
        if (_text[_at] == '/')
            return Fail(RuleErrorKind.SpaceMissing);
        if (_text[_at] is not (' ' or '\t'))
            return FailAtCharacter();
        SkipBlanks();
        return _text[_at] == '/' || Fail(RuleErrorKind.PathStart);
    }

    private void SkipBlanks()
    {
        while (_at < _text.Length && _text[_at] is ' ' or '\t')
            _at++;
    }

    private bool FailAtCharacter()
    {
        char found = _text[_at];
        _error = new RuleError(
            RuleErrorKind.MethodCharacter,
            _at + 1,
            found is > ' ' and <= '~' ? found.ToString() : $"U+{(int)found:X4}"
        );
        return false;
    }

    private bool Fail(RuleErrorKind kind)
    {
        _error = new RuleError(kind, _at + 1);
        return false;
    }
}
