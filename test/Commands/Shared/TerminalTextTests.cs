using FastGate.Commands.Shared;

namespace FastGate.Test.Commands.Shared;

[TestClass]
public sealed class TerminalTextTests
{
    [TestMethod]
    [DataRow("/v1/models/{a}?[x]", "/v1/models/{a}?[x]")]
    [DataRow("a b\tc\n", "a\\x20b\\x09c\\x0A")]
    [DataRow("\u001b[31m\u007f\u0080\u009b\u00ad\u00e9", "\\x1B[31m\\x7F\\x80\\x9B\\xAD\\xE9")]
    [DataRow("\u202e\u200b\ud83d\ude00", "\\u202E\\u200B\\uD83D\\uDE00")]
    [DataRow("/cut…", "/cut…")]
    public void Text_IsEscapedToOneWord(string text, string expected) =>
        Assert.AreEqual(expected, TerminalText.Text(text));

    [TestMethod]
    [DataRow("7 events → +0.30 ms, größer… 日本", "7 events → +0.30 ms, größer… 日本")]
    [DataRow("\u001b[31m\u009b2J\r\n\u007f", "\\x1B[31m\\x9B2J\\x0D\\x0A\\x7F")]
    [DataRow("a\u202eb\u2028\ufeff", "a\\u202Eb\\u2028\\uFEFF")]
    public void Prose_KeepsLettersAndEscapesControls(string text, string expected) =>
        Assert.AreEqual(expected, TerminalText.Prose(text));

    [TestMethod]
    public void EveryCharacter_BecomesPrintable()
    {
        for (int c = 0; c <= char.MaxValue; c++)
            Assert.IsTrue(
                TerminalText.Text(((char)c).ToString()).All(shown => shown is (> ' ' and <= '~') or '…'),
                $"U+{c:X4}"
            );
    }

    [TestMethod]
    [DataRow("/v1/chat/completions", 20, "/v1/chat/completions")]
    [DataRow("/v1/chat/completions", 19, "/v1/chat/…mpletions")]
    [DataRow("/v1/chat/completions", 2, "/…")]
    [DataRow("/v1/chat/completions", 1, "/")]
    [DataRow("/v1/chat/completions", 0, "")]
    public void LongText_IsCutInTheMiddle(string text, int width, string expected)
    {
        Assert.AreEqual(expected, TerminalText.Cut(text, width));
        Assert.IsLessThanOrEqualTo(width, TerminalText.Cut(text, width).Length);
    }
}
