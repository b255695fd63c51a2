using System.Text;
using FastGate.Proxy.Rules;

namespace FastGate.Test.Proxy.Rules;

/// <summary>Requests that an allowlist refuses, and their cures.</summary>
internal static class RefusedRequest
{
    /// <param name="allow">The only line of the allowlist.</param>
    /// <param name="request">Method and path.</param>
    /// <param name="cure">The expected cure.</param>
    public static void Check(string allow, string request, string cure)
    {
        string[] parts = request.Split(' ');
        Assert.AreEqual(cure, CureOf([allow], parts[0], parts[1]));
    }

    public static string CureOf(string[] list, string method, string path)
    {
        Span<byte> cure = stackalloc byte[Cures.BytesMax];
        RuleSet rules = RuleSet.Compile(AllowList.Expand(list).Rules);
        return Encoding.ASCII.GetString(cure[..Cures.Write(cure, rules, Ascii.Bytes(method), Ascii.Bytes(path))]);
    }
}
