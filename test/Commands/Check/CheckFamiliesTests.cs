using FastGate.Test.Commands.Shared;

namespace FastGate.Test.Commands.Check;

/// <summary><c>check</c> notes a <c>from</c> without one of the address families that a listener binds.</summary>
[TestClass]
public sealed class CheckFamiliesTests
{
    [TestMethod]
    [DataRow("tailscale:11434", "100.64.0.0/10", "IPv6")]
    [DataRow("tailscale:11434", "fd7a:115c:a1e0::/48", "IPv4")]
    [DataRow("tailscale:11434", "100.64.0.7\",\"fd7a:115c:a1e0::7", "")]
    [DataRow("[::1]:11435", "127.0.0.1", "IPv6")]
    [DataRow("127.0.0.1:11435", "127.0.0.1", "")]
    [DataRow("nowhere0:11434", "127.0.0.1", "")]
    public async Task FamilyWithoutAllowedClients_IsNoted(string listen, string from, string family)
    {
        string path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, $$"""{ "listen": "{{listen}}", "from": ["{{from}}"] }""");
        string shown = (await Cli.RunAsync("check", "--config", path)).Out;
        File.Delete(path);
        StringAssert.EndsWith(shown, "The config is valid.");
        string[] notes = [.. shown.Split('\n').Where(line => line.StartsWith("  note ", StringComparison.Ordinal))];
        Assert.AreEqual(
            family.Length == 0 ? "" : $"  note \"from\" has no {family} range, so no client can connect over {family}",
            string.Join('\n', notes),
            shown
        );
    }

    [TestMethod]
    public async Task DefaultFrom_HasNoNote() =>
        Assert.DoesNotContain(
            "  note ",
            (await Cli.CheckAsync("--listen", "127.0.0.1:11435", "--listen", "tailscale:11434")).Out
        );
}
