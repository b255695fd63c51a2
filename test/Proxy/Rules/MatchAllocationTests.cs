using FastGate.Proxy.Rules;

namespace FastGate.Test.Proxy.Rules;

[TestClass]
public sealed class MatchAllocationTests
{
    [TestMethod]
    [DataRow("POST", "/v1/chat/completions")]
    [DataRow("GET", "/v1/models/qwen2.5-coder:32b")]
    [DataRow("GET", "/v1/models/qwen2.5-coder%3A32b")]
    [DataRow("GET", "/v1/models/a%2Fb")]
    [DataRow("GET", "/a/b/c/d/e")]
    [DataRow("POST", "/a/b/c/d/f")]
    [DataRow("GET", "/unknown")]
    [DataRow("POST", "/api/pull")]
    [DataRow("POST", "/v1/v1/messages")]
    public void Request_AllocatesNothing(string method, string path)
    {
        RuleSet rules = RuleSet.Compile([
            .. AllowList.Expand(["@clients", "GET /a/b/{x}/d/e", "GET /a/{x}/c/d/e", "GET /{rest...}"]).Rules,
        ]);
        byte[] methodBytes = Ascii.Bytes(method);
        byte[] pathBytes = Ascii.Bytes(path);
        Match(rules, methodBytes, pathBytes, times: 1);

        long before = GC.GetAllocatedBytesForCurrentThread();
        int matched = Match(rules, methodBytes, pathBytes, times: 1000);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.AreEqual(0, allocated);
        Assert.AreEqual(1000, matched);
    }

    private static int Match(RuleSet rules, byte[] method, byte[] path, int times)
    {
        int matched = 0;
        Span<byte> cure = stackalloc byte[Cures.BytesMax];
        for (int i = 0; i < times; i++)
        {
            if (rules.Match(method, path).Allowed || Cures.Write(cure, rules, method, path) >= 0)
                matched++;
        }
        return matched;
    }
}
