using FastGate.Commands.Shared;

namespace FastGate.Test.Commands.Shared;

[TestClass]
public sealed class WrappedLinesTests
{
    [TestMethod]
    [DataRow("one two three", 9, "one two\nthree\n")]
    [DataRow("  one two three", 9, "  one two\n  three\n")]
    [DataRow("one two\nthree four", 9, "one two\nthree\nfour\n")]
    [DataRow("one two three", 0, "one two three\n", DisplayName = "a terminal that does not tell its width")]
    [DataRow("", 9, "\n")]
    public void Line_IsWrappedBetweenWords(string text, int width, string written)
    {
        using StringWriter terminal = new() { NewLine = "\n" };
        using WrappedLines lines = new(terminal, () => width);
        lines.WriteLine(text);
        Assert.AreEqual(written, terminal.ToString());
    }

    [TestMethod]
    public void PartOfALine_PassesUnchanged()
    {
        using StringWriter terminal = new() { NewLine = "\n" };
        using WrappedLines lines = new(terminal, () => 4);
        lines.Write("one two three");
        Assert.AreEqual("one two three", terminal.ToString());
    }
}
