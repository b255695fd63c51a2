using FastGate.Proxy.Rules;

namespace FastGate.Test.Proxy.Rules;

[TestClass]
public sealed class ParameterSegmentsTests
{
    [TestMethod]
    [DataRow("qwen2.5-coder:32b")]
    [DataRow("qwen2.5-coder%3A32b")]
    [DataRow("qwen2.5-coder%3a32b")]
    [DataRow("sha256:0123456789abcdef")]
    [DataRow("...")]
    [DataRow(".a")]
    [DataRow("a.")]
    [DataRow("%2e%2e%2e")]
    [DataRow("%2ea")]
    [DataRow("%7E")]
    [DataRow("%21")]
    [DataRow("~!$&'()*+,;=:@{}|^`<>\"[]")]
    [DataRow("a%20b")]
    [DataRow("100%25")]
    [DataRow("%25")]
    [DataRow("%25a")]
    [DataRow("%25ag")]
    [DataRow("%25%25")]
    public void OnePrintableSegment_IsAccepted(string segment) => Check(segment, accepted: true);

    [TestMethod]
    [DataRow("")]
    [DataRow(".")]
    [DataRow("..")]
    [DataRow("%2e")]
    [DataRow("%2E.")]
    [DataRow(".%2e")]
    [DataRow("%2e%2E")]
    [DataRow("a%2Fb")]
    [DataRow("a%2fb")]
    [DataRow("a%5Cb")]
    [DataRow("a%5cb")]
    [DataRow("a\\b")]
    [DataRow("a%00")]
    [DataRow("a%0d")]
    [DataRow("a%7f")]
    [DataRow("a%7F")]
    [DataRow("a b")]
    [DataRow("a\tb")]
    [DataRow("a\0")]
    [DataRow("a\u007F")]
    [DataRow("a\u0080")]
    [DataRow("a\u00FF")]
    [DataRow("%80")]
    [DataRow("%C3%A9")]
    [DataRow("%FF")]
    [DataRow("%")]
    [DataRow("%4")]
    [DataRow("%4g")]
    [DataRow("%g4")]
    [DataRow("a%")]
    [DataRow("%%41")]
    [DataRow("%+1")]
    [DataRow("%2561")]
    [DataRow("%252F")]
    [DataRow("%25%32%46")]
    [DataRow("%252%46")]
    [DataRow("%25%25%34%31")]
    [DataRow("%u0041")]
    public void AnythingElse_IsRefused(string segment) => Check(segment, accepted: false);

    [TestMethod]
    public void EveryByteRawAndEscaped_IsAcceptedOnlyIfPrintableAndNoSeparator()
    {
        for (int value = 0; value <= 0xFF; value++)
        {
            bool printable = value is >= ' ' and <= '~' && value is not ('/' or '\\');
            Check($"a%{value:X2}z", printable);
            if (value is not ('/' or '%')) // a slash ends the segment, and a percent sign begins an escape
                Check($"a{(char)value}z", printable && value != ' ');
        }
    }

    [TestMethod]
    [DataRow("/a", true)]
    [DataRow("/a/b", true)]
    [DataRow("/a/b%3A/...", true)]
    [DataRow("/", false)]
    [DataRow("//", false)]
    [DataRow("/a/", false)]
    [DataRow("/a//b", false)]
    [DataRow("/a/../b", false)]
    [DataRow("/a/b%2F", false)]
    public void Segments_AreAcceptedIfEachOneIs(string piece, bool accepted) =>
        Assert.AreEqual(accepted, ParameterSegments.Accept(Ascii.Bytes(piece)), piece);

    // Covers both the fast scan and the decoder, which a leading %41 forces.
    private static void Check(string segment, bool accepted)
    {
        Assert.AreEqual(accepted, ParameterSegments.AcceptOne(Ascii.Bytes(segment)), segment);
        Assert.AreEqual(accepted, ReferenceMatcher.IsParameterSegment(segment), $"reference: {segment}");
        if (segment.Length > 0 && !segment.Replace("%2e", ".", StringComparison.OrdinalIgnoreCase).All(c => c == '.'))
            Assert.AreEqual(accepted, ParameterSegments.AcceptOne(Ascii.Bytes("%41" + segment)), $"%41{segment}");
    }
}
