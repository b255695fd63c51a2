using FastGate.Commands.Shared;

namespace FastGate.Test.Commands.Shared;

[TestClass]
public sealed class WordWrapTests
{
    [TestMethod]
    [DataRow("one two three", 13, "one two three")]
    [DataRow("one two three", 12, "one two|three")]
    [DataRow("one two three", 7, "one two|three")]
    [DataRow("one two three", 6, "one|two|three")]
    [DataRow("one   two", 4, "one|two")]
    [DataRow("/a/path/longer/than/the/width and more", 10, "/a/path/longer/than/the/width|and more")]
    [DataRow("  indented text", 10, "  indented|text")]
    [DataRow("", 10, "")]
    public void Lines_EndBetweenWords(string text, int width, string lines) =>
        Assert.AreEqual(lines, string.Join('|', WordWrap.Lines(text, width)));

    [TestMethod]
    [DataRow("a b c", 80, "a b c")]
    [DataRow("one two three", 9, @"one two \|  three")]
    [DataRow("one 'two three' four", 8, @"one \|  'two three' \|  four")]
    [DataRow("echo \"a \\\" b\" c", 8, "echo \\|  \"a \\\" b\" \\|  c")]
    [DataRow(@"a\ b c", 6, @"a\ b c")]
    [DataRow(@"aaaa\ b c", 6, @"aaaa\ b \|  c")]
    // A backslash at the end of a comment continues nothing.
    [DataRow("one two   # a comment", 9, @"one \|  two   # a comment")]
    [DataRow("'unbalanced and long", 6, "'unbalanced and long")]
    public void Command_GoesOnWithBackslashes(string text, int width, string lines) =>
        Assert.AreEqual(lines, string.Join('|', WordWrap.Command(text, width)));
}
