using System.Text;
using FastGate.Proxy.Wire;

namespace FastGate.Test.Proxy.Wire;

[TestClass]
public sealed class RequestHeadTests
{
    [TestMethod]
    [DataRow("GE", "", "")]
    [DataRow("GET ", "GET", "")]
    [DataRow("GET http://a/b", "GET", "")]
    [DataRow("POST /api/p", "POST", "/api/p")]
    [DataRow("POST /api/%70s\\0", "POST", "/api/%70s")]
    [DataRow("POST /api//ps?secret HTTP", "POST", "/api//ps")]
    [DataRow("POST /api/ps?secret#", "POST", "/api/ps")]
    [DataRow("POST /api/ps?secret HTTP/9.9", "POST", "/api/ps")]
    [DataRow("POST /api/ps HTTP/1.1\\r\\n\\r\\n", "POST", "/api/ps")]
    public void UnfinishedOrRefused_MethodAndPathAreKnown(string input, string method, string path) =>
        CheckEcho(input, method, path);

    [TestMethod]
    public void RequestLineTooLong_MethodAndPathAreKnown() =>
        CheckEcho("POST /\\{a*9000}", "POST", "/" + new string('a', WireLimits.RequestLineBytesMax - "POST /".Length));

    [TestMethod]
    [DataRow(38, HeadFault.None)]
    [DataRow(37, HeadFault.HeadTooLarge)]
    public void SmallerHeadLimit_Holds(int headBytesMax, object fault)
    {
        byte[] bytes = Corpus.Unescape("GET /api HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n");
        Assert.HasCount(38, bytes);
        RequestHead head = default;
        ScanResult expected = fault is HeadFault.None ? ScanResult.Complete : ScanResult.Invalid;
        Assert.AreEqual(expected, RequestHeadScanner.Scan(bytes, ref head, headBytesMax));
        Assert.AreEqual(fault, head.Fault);
        Assert.AreEqual(fault is HeadFault.None ? 0 : headBytesMax, head.HeadBytesMax);
    }

    [TestMethod]
    public void NoBytes_IsPartial()
    {
        RequestHead head = default;
        Assert.AreEqual(ScanResult.Partial, RequestHeadScanner.Scan([], ref head));
        Assert.AreEqual(-1, head.HostLength);
        Assert.AreEqual(-1, head.ContentLength);
        Assert.IsTrue(head.Host([]).IsEmpty);
    }

    [TestMethod]
    public void FieldNamesOfKnownLengths_AreNotMistakenForKnownOnes()
    {
        byte[] bytes = Corpus.Unescape(
            "GET / HTTP/1.1\\r\\nHost: a\\r\\nHosU: b\\r\\nUser-Agent: close\\r\\nX-Stainless-OS: 5\\r\\n"
                + "Transfer_Encoding: chunked\\r\\nAccept: 100-continue\\r\\n\\r\\n"
        );
        RequestHead head = default;
        Assert.AreEqual(ScanResult.Complete, RequestHeadScanner.Scan(bytes, ref head));
        Assert.IsFalse(head.EndsConnection || head.Chunked || head.ExpectContinue || head.ContentLength >= 0);
    }

    private static void CheckEcho(string input, string method, string path)
    {
        byte[] bytes = Corpus.Unescape(input);
        RequestHead head = default;
        for (int length = 0; length <= bytes.Length; length++)
            RequestHeadScanner.Scan(bytes.AsSpan(0, length), ref head);
        RequestHead whole = default;
        Assert.AreNotEqual(ScanResult.Complete, RequestHeadScanner.Scan(bytes, ref whole));
        foreach (RequestHead found in (RequestHead[])[head, whole])
        {
            Assert.AreEqual(method, Encoding.ASCII.GetString(found.Method(bytes)));
            Assert.AreEqual(path, Encoding.ASCII.GetString(found.Path(bytes)));
        }
    }
}
