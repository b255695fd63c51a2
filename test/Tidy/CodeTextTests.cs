namespace FastGate.Test.Tidy;

[TestClass]
public sealed class CodeTextTests
{
    [TestMethod]
    [DataRow("a // b", "a     ")]
    [DataRow("a /* b\n c */ d", "a     \n      d")]
    [DataRow("a \"b\" c", "a     c")]
    [DataRow("a \"// b\" c", "a        c")]
    [DataRow("a \"\\\"\" c", "a      c")]
    [DataRow("a \"\\\\\" c", "a      c")]
    [DataRow("a $\"b{c}\" d", "a         d")]
    [DataRow("a @\"\\\" c", "a      c")]
    [DataRow("a @\"b\"\"\" c", "a        c")]
    [DataRow("a \"\"\"b\"c\n\"d\"\"\" e", "a       \n      e")]
    [DataRow("a $$\"\"\"b\"\"\" c", "a           c")]
    [DataRow("a \"\"u8, c", "a   u8, c")]
    [DataRow("a '\"' c", "a     c")]
    [DataRow("a '\\'' c", "a      c")]
    [DataRow("a '\\u0022' c", "a          c")]
    public void CommentOrLiteral_IsBlanked(string text, string expected) =>
        Assert.AreEqual(expected, CodeText.Of(text));
}
