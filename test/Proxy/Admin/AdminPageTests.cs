using FastGate.Proxy.Admin;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Admin;

/// <summary>How the files of the status page are served; <see cref="PageTests"/> opens them in a browser.</summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class AdminPageTests
{
    public static IEnumerable<string> Paths => AdminPage.Paths;

    [TestMethod]
    [DynamicData(nameof(Paths))]
    public async Task File_IsServedOnThePort_ToThisMachineOnly_WithAStrictPolicy(string path)
    {
        await using AdminScene scene = new();
        string request = $"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n";
        RawResponse file = await scene.SendAsync(request, isPort: true);
        Assert.AreEqual(200, file.Status);
        Assert.IsNotEmpty(file.Content);
        Assert.AreEqual("nosniff", file.Field("X-Content-Type-Options"));
        Assert.AreEqual("no-referrer", file.Field("Referrer-Policy"));
        Assert.AreEqual("no-store", file.Field("Cache-Control"));
        Assert.AreEqual("same-origin", file.Field("Cross-Origin-Resource-Policy"));
        string policy = file.Field("Content-Security-Policy")!;
        Assert.StartsWith("default-src 'none';", policy);
        Assert.DoesNotContain("unsafe", policy);
        RawResponse head = await scene.SendAsync(
            request.Replace("GET", "HEAD", StringComparison.Ordinal),
            isPort: true
        );
        Assert.AreEqual(file.Field("Content-Length"), head.Field("Content-Length"));
        string rebound = request.Replace("localhost", "evil.example.com", StringComparison.Ordinal);
        Assert.AreEqual(403, (await scene.SendAsync(rebound, isPort: true)).Status);
        Assert.AreEqual(404, (await scene.SendAsync(request, isPort: false)).Status);
    }

    [TestMethod]
    public void EmbeddedFiles_AreThoseThatAreServed() =>
        CollectionAssert.AreEquivalent(
            AdminPage.Paths.ToArray(),
            typeof(AdminPage).Assembly.GetManifestResourceNames().Where(name => name.StartsWith('/')).ToArray()
        );

    /// <summary>What the policy would block, and the lines that could turn text from clients into HTML.</summary>
    [TestMethod]
    [DataRow("://", "www.w3.org/2000/svg")]
    [DataRow(" style=", "")]
    [DataRow(" on[a-z]+=", "")]
    [DataRow("innerHTML|outerHTML|insertAdjacentHTML|document.write|DOMParser|eval\\(", "")]
    public void Page_HasNone(string pattern, string except)
    {
        foreach (string path in Directory.EnumerateFiles(Folder))
        {
            foreach (string line in File.ReadLines(path))
            {
                bool isExcepted = except.Length > 0 && line.Contains(except, StringComparison.Ordinal);
                if (!isExcepted)
                    Assert.DoesNotMatchRegex(pattern, line, path);
            }
        }
    }

    [TestMethod]
    public void Files_AreShortAndNarrow()
    {
        foreach (string path in Directory.EnumerateFiles(Folder))
        {
            string[] lines = File.ReadAllLines(path);
            Assert.IsLessThanOrEqualTo(Tidy.Tidiness.LinesMax, lines.Length, path);
            Assert.IsLessThanOrEqualTo(Tidy.Tidiness.ColumnsMax, lines.Max(line => line.Length), path);
        }
    }

    private static string Folder => Path.Combine(SourceTree.Root, "src/Filter/Proxy/Admin/Page");
}
