using FastGate.Proxy.Wire;

namespace FastGate.Test.Proxy.Wire;

[TestClass]
public sealed class ContentScannerTests
{
    [TestMethod]
    public void RequestWithoutContent_IsCompleteAtOnce() =>
        Check(ContentScanner.For(Request("")), "GET /", ScanResult.Complete, 0);

    [TestMethod]
    public void RequestOfLengthZero_IsCompleteAtOnce() =>
        Check(ContentScanner.For(Request("Content-Length: 0\\r\\n")), "GET /", ScanResult.Complete, 0);

    [TestMethod]
    [DataRow("", false, 0)]
    [DataRow("1234", false, 4)]
    [DataRow("12345", true, 5)]
    [DataRow("12345G", true, 5)]
    public void RequestOfLengthFive_EndsThere(string input, bool complete, int taken) =>
        Check(
            ContentScanner.For(Request("Content-Length: 5\\r\\n")),
            input,
            complete ? ScanResult.Complete : ScanResult.Partial,
            taken
        );

    [TestMethod]
    public void LargestLength_IsNeverCompleteEarly() =>
        Check(ContentScanner.For(Request("Content-Length: 999999999999999999\\r\\n")), "x", ScanResult.Partial, 1);

    [TestMethod]
    public void ChunkedGet_HasContent() =>
        Check(
            ContentScanner.For(Request("Transfer-Encoding: chunked\\r\\n")),
            "0\\r\\n\\r\\nG",
            ScanResult.Complete,
            5
        );

    [TestMethod]
    [DataRow(100, "Content-Length: 0\\r\\n", false)]
    [DataRow(101, "", false)]
    [DataRow(204, "Content-Length: 0\\r\\n", false)]
    [DataRow(204, "", false)]
    [DataRow(304, "Content-Length: 5\\r\\n", false)]
    [DataRow(304, "Transfer-Encoding: chunked\\r\\n", false)]
    [DataRow(304, "", false)]
    [DataRow(200, "Content-Length: 5\\r\\n", true)]
    [DataRow(200, "Transfer-Encoding: chunked\\r\\n", true)]
    [DataRow(200, "", true)]
    [DataRow(200, "Content-Length: 0\\r\\n", false)]
    public void ResponseWithoutContent_IsCompleteAtOnce(int status, string fields, bool headRequest) =>
        Check(ContentScanner.For(Response(status, fields), headRequest), "HTTP/1.1", ScanResult.Complete, 0);

    [TestMethod]
    public void ResponseWithoutFraming_NeverEnds()
    {
        var scanner = ContentScanner.For(Response(200, ""), headRequest: false);
        Assert.IsTrue(scanner.UntilClose);
        Check(scanner, "0\\r\\n\\r\\n", ScanResult.Partial, 5);
    }

    [TestMethod]
    public void StatusLine_IsCompleteWithItsLineFeed()
    {
        ResponseHead head = default;
        byte[] bytes = Corpus.Unescape("HTTP/1.1 403 Forbidden\\r\\nX");
        for (int length = 0; length <= bytes.Length; length++)
        {
            Assert.AreEqual(ScanResult.Partial, ResponseHeadScanner.Scan(bytes.AsSpan(0, length), ref head));
            Assert.AreEqual(length >= bytes.Length - 1, head.StatusLineDone);
        }

        Assert.AreEqual(403, head.Status);
    }

    private static RequestHead Request(string fields)
    {
        RequestHead head = default;
        byte[] bytes = Corpus.Unescape("GET / HTTP/1.1\\r\\nHost: a\\r\\n" + fields + "\\r\\n");
        Assert.AreEqual(ScanResult.Complete, RequestHeadScanner.Scan(bytes, ref head));
        return head;
    }

    private static ResponseHead Response(int status, string fields)
    {
        ResponseHead head = default;
        byte[] bytes = Corpus.Unescape($"HTTP/1.1 {status} X\\r\\n{fields}\\r\\n");
        Assert.AreEqual(ScanResult.Complete, ResponseHeadScanner.Scan(bytes, ref head));
        return head;
    }

    private static void Check(ContentScanner scanner, string input, ScanResult expected, int taken)
    {
        Assert.AreEqual(expected == ScanResult.Complete && taken == 0, scanner.Done);
        Assert.AreEqual(expected, scanner.Take(Corpus.Unescape(input), out int actual));
        Assert.AreEqual(taken, actual);
        Assert.AreEqual(expected == ScanResult.Complete, scanner.Done);
    }
}
