using FastGate.Proxy.Wire;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Wire;

[TestClass]
public sealed class CorpusTests
{
    public static IEnumerable<TestDataRow<int>> Cases =>
        Corpus.Cases.Select((item, index) => new TestDataRow<int>(index) { DisplayName = item.Name });

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Case_HasTheSameResultAtEveryCut(int index) => Check(Corpus.Cases[index]);

    [TestMethod]
    public void EveryHeadFault_HasACase() => CheckCovered<HeadFault>("request", nameof(HeadFault.ContentUnexpected));

    [TestMethod]
    public void EveryResponseFault_HasACase() => CheckCovered<ResponseFault>("response");

    [TestMethod]
    public void EveryChunkFault_HasACase() => CheckCovered<ChunkFault>("content");

    private static void Check(CorpusCase item)
    {
        int length = item.Input.Length;
        (string whole, _) = Probe.Run(item.Kind, item.Input, [length]);
        Assert.AreEqual(item.Expected, whole, "whole");

        (string bytewise, int decided) = Probe.Run(item.Kind, item.Input, Enumerable.Range(0, length + 1));
        Assert.AreEqual(whole, bytewise, "byte by byte");

        foreach (int cut in Cuts(item.Input, decided))
        {
            (string prefix, _) = Probe.Run(item.Kind, item.Input, [cut]);
            Assert.AreEqual(cut < decided ? Probe.Partial : whole, prefix, $"the first {cut} bytes alone");
            (string pieces, _) = Probe.Run(item.Kind, item.Input, [cut, length]);
            Assert.AreEqual(whole, pieces, $"cut at {cut}");
        }
    }

    /// <summary>Every position. In the short form, for an input of 1000 bytes and more: those near its ends, its line
    /// ends and the position of the decision, and every 31st of the others.</summary>
    private static IEnumerable<int> Cuts(byte[] input, int decided) =>
        Enumerable
            .Range(0, input.Length + 1)
            .Where(cut =>
                LongForm.IsOn
                || input.Length < 1000
                || cut % 31 == 0
                || Math.Min(cut, input.Length - cut) < 128
                || Math.Abs(cut - decided) < 64
                || input.AsSpan(Math.Max(0, cut - 16)..Math.Min(input.Length, cut + 16)).Contains((byte)'\n')
            );

    /// <param name="kind">The suffix of the inputs' kinds.</param>
    /// <param name="elsewhere">A fault that no scanner reports, because it depends on the listener;
    /// <c>test/Proxy/Gate</c> covers it.</param>
    private static void CheckCovered<TFault>(string kind, string elsewhere = "")
        where TFault : struct, Enum
    {
        IEnumerable<string> found = Corpus
            .Cases.Where(item => item.Kind.EndsWith(kind, StringComparison.Ordinal))
            .Select(item => item.Expected.Split(' '))
            .Where(words => words[0] == "invalid")
            .Select(words => words[1]);
        string[] missing = [.. Enum.GetNames<TFault>().Skip(1).Except(found).Where(name => name != elsewhere)];
        Assert.IsEmpty(missing, "faults without a case: " + string.Join(", ", missing));
    }
}
