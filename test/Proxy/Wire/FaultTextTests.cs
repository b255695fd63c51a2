using System.Text;
using System.Text.RegularExpressions;
using FastGate.Proxy.Wire;

namespace FastGate.Test.Proxy.Wire;

[TestClass]
public sealed partial class FaultTextTests
{
    [TestMethod]
    public void EveryHeadFault_HasStatusWordAndSentence() =>
        Check(Enum.GetValues<HeadFault>().Select(HeadFaultTexts.Of), 0, 400, 414, 431, 501, 505);

    [TestMethod]
    public void EveryResponseFault_HasStatusWordAndSentence() =>
        Check(Enum.GetValues<ResponseFault>().Select(ResponseFaultTexts.Of), 0, 502);

    [TestMethod]
    public void EveryChunkFault_HasWordAndSentence() =>
        Check(Enum.GetValues<ChunkFault>().Select(ChunkFaultTexts.Of), 0);

    [TestMethod]
    public void OnlyTls_HasNoReply() =>
        Assert.AreEqual(
            HeadFault.ClientSpokeTls,
            Enum.GetValues<HeadFault>().Skip(1).Single(fault => HeadFaultTexts.Of(fault).Status == 0)
        );

    private static void Check(IEnumerable<FaultText> texts, params int[] statuses)
    {
        FaultText[] all = [.. texts];
        Assert.HasCount(all.Length, all.Select(text => text.Word).Distinct());
        foreach (FaultText text in all)
        {
            Assert.Contains(text.Status, statuses);
            Assert.MatchesRegex(KebabCase(), text.Word);
            Assert.AreEqual("fault-" + text.Word, Encoding.ASCII.GetString(text.LogWord));
            Assert.IsFalse(text.Sentence.EndsWith('.'), text.Sentence);
        }
    }

    [GeneratedRegex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
    private static partial Regex KebabCase();
}
