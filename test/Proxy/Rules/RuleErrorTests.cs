using FastGate.Proxy.Rules;
using static FastGate.Proxy.Rules.RuleErrorKind;

namespace FastGate.Test.Proxy.Rules;

[TestClass]
public sealed class RuleErrorTests
{
    // At least one row per kind; the column is that of the first invalid character.
    private static readonly (string Text, RuleErrorKind Kind, int Column)[] Cases =
    [
        ("", Empty, 1),
        ("  \t", Empty, 1),
        ("GET /" + new string('a', 8192), TooLong, 1),
        ("/v1/models", MethodMissing, 1),
        ("  /v1/models", MethodMissing, 3),
        (",GET /a", MethodEmpty, 1),
        ("GET,,HEAD /a", MethodEmpty, 5),
        ("GET, HEAD /a", MethodEmpty, 5),
        ("GET, /a", MethodEmpty, 5),
        ("GET,/a", MethodEmpty, 5),
        ("GET,", MethodEmpty, 5),
        ("G(T /a", MethodCharacter, 2),
        ("\"GET\" /a", MethodCharacter, 1),
        ("GÉT /a", MethodCharacter, 2),
        ("GET\u00A0/a", MethodCharacter, 4),
        ("GET\n/a", MethodCharacter, 4),
        ("@clients", MethodCharacter, 1),
        ("GET/v1/models", SpaceMissing, 4),
        ("GET", PathMissing, 4),
        ("GET ", PathMissing, 4),
        ("GET v1/models", PathStart, 5),
        ("GET HEAD /a", PathStart, 5),
        ("GET http://localhost/a", PathStart, 5),
        ("GET {path...}", PathStart, 5),
        ("GET *", PathStart, 5),
        ("GET /a b", Space, 7),
        ("GET /a\tb", Control, 7),
        ("GET /a\0", Control, 7),
        ("GET /a\r\n", Control, 7),
        ("GET /a\u007F", Control, 7),
        ("GET /é", NonAscii, 6),
        ("GET /a\u00A0", NonAscii, 7),
        ("GET /a\\b", Backslash, 7),
        ("GET /a?b=c", Query, 7),
        ("GET /a#b", Fragment, 7),
        ("GET /api/*", Star, 10),
        ("GET /api/**", Star, 10),
        ("GET //", EmptySegment, 6),
        ("GET //a", EmptySegment, 6),
        ("GET /a//b", EmptySegment, 8),
        ("GET /a/", TrailingSlash, 8),
        ("GET " + string.Concat(Enumerable.Repeat("/a", 65)), TooManySegments, 4 + (64 * 2) + 2),
        ("GET /v1/models/:model", Colon, 16),
        ("GET /:", Colon, 6),
        ("GET /.", DotSegment, 6),
        ("GET /a/../b", DotSegment, 8),
        ("GET /a/%2e./b", DotSegment, 8),
        ("GET /%2E%2e", DotSegment, 6),
        ("GET /a%", BadEscape, 7),
        ("GET /a%4", BadEscape, 7),
        ("GET /a%4/b", BadEscape, 7),
        ("GET /a%zz", BadEscape, 7),
        ("GET /a%2Fb", EncodedSeparator, 7),
        ("GET /a%5cb", EncodedSeparator, 7),
        ("GET /a%00", EncodedControl, 7),
        ("GET /a%0d%0a", EncodedControl, 7),
        ("GET /a%7F", EncodedControl, 7),
        ("GET /%2561", DoubleEncoding, 10),
        ("GET /%25%36%31", DoubleEncoding, 12),
        ("GET /{a", BraceUnclosed, 6),
        ("GET /a{", BraceUnclosed, 7),
        ("GET /{a/b}", BraceUnclosed, 6),
        ("GET /a}", BraceStray, 7),
        ("GET /}a{", BraceStray, 6),
        ("GET /{}", ParameterName, 7),
        ("GET /{...}", ParameterName, 7),
        ("GET /{a.b}", ParameterName, 7),
        ("GET /{{a}", ParameterName, 7),
        ("GET /{a....}", ParameterName, 7),
        ("GET /a{b}", ParameterMixed, 6),
        ("GET /{b}a", ParameterMixed, 9),
        ("GET /{a}{b}", ParameterMixed, 9),
        ("GET /{{a}}", ParameterMixed, 10),
        ("GET /{a...}/b", RestNotLast, 6),
    ];

    [TestMethod]
    public void InvalidRule_HasItsKindAndColumn()
    {
        foreach ((string text, RuleErrorKind kind, int column) in Cases)
            Check(text, kind, column);
    }

    [TestMethod]
    public void EveryKind_HasACaseAndItsOwnMessage()
    {
        RuleErrorKind[] kinds = [.. Enum.GetValues<RuleErrorKind>().Except([None])];

        RuleErrorKind[] covered = [.. Cases.Select(row => row.Kind).Append(UnknownProfile).Distinct()];
        CollectionAssert.AreEquivalent(kinds, covered);
        string[] messages = [.. kinds.Select(kind => new RuleError(kind, 1, "x").Message)];
        CollectionAssert.AllItemsAreUnique(messages);
        Assert.IsTrue(messages.All(message => message.Length > 20));
    }

    [TestMethod]
    public void EveryCharacter_IsAcceptedOrRejectedWithoutAnException()
    {
        for (int value = 0; value <= char.MaxValue; value++)
        {
            string text = $"GET /a{(char)value}";
            bool read = Rule.TryParse(text, out Rule? rule, out RuleError error);
            Assert.AreEqual(read, rule is not null);
            Assert.AreEqual(read, error.Kind == None);
            Assert.IsTrue(!read || value is ' ' or '\t' or (> ' ' and <= '~'), $"U+{value:X4}");
        }
    }

    private static void Check(string text, RuleErrorKind kind, int column)
    {
        Assert.IsFalse(Rule.TryParse(text, out Rule? rule, out RuleError error), text);
        Assert.IsNull(rule);
        Assert.AreEqual((kind, column), (error.Kind, error.Column), text);
    }
}
