using System.Text;

namespace FastGate.Test.Proxy.Wire;

[TestClass]
public sealed class ReferenceTests
{
    private const int Cases = 20_000;

    [TestMethod]
    public void MutatedHeads_MatchTheReference()
    {
        var mutator = new Mutator(seed: 9112);
        var kinds = new Dictionary<string, int>();
        for (int i = 0; i < Cases; i++)
        {
            string text = mutator.Mutate(Good[i % Good.Length]);
            string kind = ReferenceCheck.KindOf(ReferenceCheck.Run(text, i));
            kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
        }

        // The mutations must reach nearly all faults to be useful; the limits on size have cases of their own.
        Assert.IsGreaterThan(35, kinds.Count, string.Join(", ", kinds));
    }

    [TestMethod]
    public void CorpusRequests_MatchTheReference()
    {
        foreach (CorpusCase item in Corpus.Cases.Where(item => item.Kind == "request"))
            Assert.AreEqual(item.Expected, ReferenceScanner.Scan(Encoding.Latin1.GetString(item.Input)), item.Name);
    }

    private static readonly string[] Good =
    [
        .. Captures.All.Select(item => Encoding.Latin1.GetString(item.Bytes)),
        "GET / HTTP/1.0\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: [fd7a::1]:11434\r\nConnection: x, close\r\n\r\n",
        "POST /v1/models/%41%2525b?q=%20%zz HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
            + "chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        "POST /a/b HTTP/1.1\r\nHost: a.b:1\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello",
    ];
}
