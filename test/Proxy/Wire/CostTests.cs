using FastGate.Proxy.Wire;

namespace FastGate.Test.Proxy.Wire;

[TestClass]
public sealed class CostTests
{
    /// <summary>A repeated scan may read at most the eight bytes of the HTTP version again.</summary>
    private const int RescannedBytesMax = 8;

    [TestMethod]
    [DataRow("GET / HTTP/1.1\\r\\nHost: a\\r\\nX: \\{y*8187}\\r\\n\\r\\n")]
    [DataRow("GET / HTTP/1.1\\r\\nHost: a\\r\\n\\{x: yyyyyyyyyy\\r\\n*99}\\r\\n")]
    [DataRow("GET / HTTP/1.1\\r\\nHost: a\\r\\n\\{n*8189}:\\r\\n\\r\\n")]
    [DataRow(
        "GET / HTTP/1.1\\r\\nHost: a\\r\\n\\{X: "
            + "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\\r\\n*98}\\r\\n"
    )]
    [DataRow("GET /\\{a*8176} HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n")]
    [DataRow("GET /\\{%41*2725} HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n")]
    public void HeadByteByByte_ScansEachByteOnce(string text)
    {
        byte[] bytes = Corpus.Unescape(text);
        RequestHead head = default;
        for (int length = 1; length < bytes.Length; length++)
        {
            Assert.AreEqual(ScanResult.Partial, RequestHeadScanner.Scan(bytes.AsSpan(0, length), ref head));
            Assert.IsGreaterThanOrEqualTo(length - RescannedBytesMax, head.Cursor.Position);
        }

        Assert.AreEqual(ScanResult.Complete, RequestHeadScanner.Scan(bytes, ref head));
    }

    [TestMethod]
    public void RecordedHeads_AllocateNothing()
    {
        byte[][] heads = [.. Captures.All.Select(item => item.Bytes)];
        CheckNoAllocation(() =>
        {
            foreach (byte[] bytes in heads)
            {
                RequestHead head = default;
                RequestHeadScanner.Scan(bytes.AsSpan(0, bytes.Length / 2), ref head);
                RequestHeadScanner.Scan(bytes, ref head);
            }
        });
    }

    [TestMethod]
    public void Corpus_AllocatesNothing()
    {
        byte[][] requests = Inputs("request"),
            responses = Inputs("response"),
            contents = Inputs("request-content");
        CheckNoAllocation(() =>
        {
            foreach (byte[] bytes in requests)
            {
                RequestHead head = default;
                RequestHeadScanner.Scan(bytes, ref head);
            }

            foreach (byte[] bytes in responses)
            {
                ResponseHead head = default;
                ResponseHeadScanner.Scan(bytes, ref head);
            }

            foreach (byte[] bytes in contents)
            {
                var scanner = ContentScanner.For(new RequestHead { Chunked = true });
                scanner.Take(bytes, out _);
            }
        });
    }

    private static byte[][] Inputs(string kind) =>
        [.. Corpus.Cases.Where(item => item.Kind == kind).Select(item => item.Input)];

    private static void CheckNoAllocation(Action action)
    {
        action(); // initialises types
        long before = GC.GetAllocatedBytesForCurrentThread();
        action();
        Assert.AreEqual(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
