using System.Diagnostics;
using System.Globalization;
using FastGate.Commands.Logs;
using FastGate.Launchd;
using FastGate.Test.Support;
using Microsoft.Extensions.Time.Testing;

namespace FastGate.Test.Commands.Logs;

/// <summary>A script stands in for <c>tailscale</c>: fast, slow, failing, or with hostile output.</summary>
[TestClass]
public sealed class PeerNamesTests
{
    private const string Peer = "100.64.0.7";
    private const string PrintName = """echo '{"Node":{"ComputedName":"laptop"}}'""";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fastgate-");
    private readonly FakeTimeProvider _time = new();

    [TestCleanup]
    public void Cleanup() => _folder.Delete(recursive: true);

    [TestMethod]
    [DataRow("""{"Node":{"Name":"laptop.tail1234.ts.net.","ComputedName":"laptop"}}""", "laptop")]
    [DataRow("""{"Node":{"Name":"laptop.tail1234.ts.net."},"UserProfile":{"LoginName":"a@example.com"}}""", "laptop")]
    [DataRow("""{"Node":{"ComputedName":"Anna's Mac","Name":"annas-mac.tail1234.ts.net."}}""", "annas-mac")]
    [DataRow("""{"Node":{"ComputedName":"\u001b[31mred","Name":"\u001b]0;x\u0007"}}""", null)]
    [DataRow("""{"Node":{"ComputedName":"\u202egnp","Name":"a b"}}""", null)]
    [DataRow("""{"Node":{"ComputedName":7,"Name":null}}""", null)]
    [DataRow("""{"Node":[]}""", null)]
    [DataRow("""{"Node":{"ComputedName":"\ud800"}}""", null)]
    [DataRow("[]", null)]
    [DataRow("laptop", null)]
    [DataRow("", null)]
    public async Task Output_IsASafeNameOrNone(string json, string? name)
    {
        PeerNames names = Names($"cat <<'END'\n{json}\nEND");
        Assert.AreEqual(name, await names.FindAsync(Peer).WithinDeadline());
        Assert.AreEqual(name, names.Known(Peer));
    }

    [TestMethod]
    public async Task Lookup_PassesTheAddress()
    {
        PeerNames names = Names(
            """test "$*" = "whois --json fd7a:115c:a1e0::1" && echo '{"Node":{"ComputedName":"six"}}'"""
        );
        Assert.AreEqual("six", await names.FindAsync("fd7a:115c:a1e0::1").WithinDeadline());
    }

    /// <summary>Only addresses of the tailnet are passed as arguments, never text that a client chose.</summary>
    [TestMethod]
    [DataRow("127.0.0.1")]
    [DataRow("192.168.1.7")]
    [DataRow("--help")]
    [DataRow("")]
    public async Task OtherAddresses_AreNotLookedUp(string peer)
    {
        PeerNames names = Names($"echo >> '{Count}'; {PrintName}");
        Assert.IsNull(await names.FindAsync(peer).WithinDeadline());
        Assert.AreEqual(0, Lookups);
    }

    [TestMethod]
    [DataRow(PrintName, "laptop")]
    [DataRow("echo 'peer not found' >&2; exit 1", null)]
    public async Task Result_IsCached(string script, string? name)
    {
        PeerNames names = Names($"echo >> '{Count}'; {script}");
        for (int n = 0; n < 5; n++)
            Assert.AreEqual(name, await names.FindAsync(Peer).WithinDeadline());
        Assert.AreEqual(1, Lookups);
        _time.Advance(PeerNames.CacheTime);
        Assert.AreEqual(name, await names.FindAsync(Peer).WithinDeadline());
        Assert.AreEqual(2, Lookups);
    }

    [TestMethod]
    public async Task SlowLookup_IsNotWaitedFor()
    {
        string gate = Path.Combine(_folder.FullName, "go");
        PeerNames names = Names($"while ! test -e '{gate}'; do sleep 0.02; done; {PrintName}");
        long began = Stopwatch.GetTimestamp();
        Assert.IsNull(names.Known(Peer));
        Assert.IsLessThan(1.0, Stopwatch.GetElapsedTime(began).TotalSeconds);
        File.WriteAllText(gate, "");
        await Until.HoldsAsync(() => names.Known(Peer) == "laptop", "the name is known");
    }

    [TestMethod]
    public async Task ProgramThatHangs_IsKilled() =>
        Assert.IsNull(await Names("exec sleep 600").FindAsync(Peer).WithinDeadline());

    [TestMethod]
    public async Task NoProgram_IsNoName()
    {
        PeerNames names = new(new CommandRunner(_folder.FullName), null, _time);
        Assert.IsFalse(names.CanLookUp);
        Assert.IsNull(await names.FindAsync(Peer));
        names = new(new CommandRunner(_folder.FullName), Path.Combine(_folder.FullName, "gone"), _time);
        Assert.IsNull(await names.FindAsync(Peer).WithinDeadline());
    }

    /// <summary>A large tailnet must not start a process for every machine at once.</summary>
    [TestMethod]
    public async Task Lookups_RunAFewAtATime()
    {
        string running = Path.Combine(_folder.FullName, "running");
        Directory.CreateDirectory(running);
        PeerNames names = Names(
            $"mkdir '{running}'/$$; ls '{running}' | wc -l >> '{Count}'; sleep 0.05; rmdir '{running}'/$$; {PrintName}"
        );
        string?[] found = await Task.WhenAll(Enumerable.Range(1, 20).Select(n => names.FindAsync($"100.64.0.{n}")))
            .WithinDeadline();
        Assert.IsTrue(found.All(name => name == "laptop"));
        int[] together = [.. File.ReadAllLines(Count).Select(line => int.Parse(line, CultureInfo.InvariantCulture))];
        Assert.HasCount(20, together);
        Assert.IsLessThanOrEqualTo(4, together.Max());
    }

    [TestMethod]
    public async Task ManyAddresses_HaveALimit()
    {
        CountingRunner runner = new();
        PeerNames names = new(runner, "tailscale", _time);
        for (int n = 0; n < PeerNames.NamesMax + 10; n++)
            await names.FindAsync($"100.64.{n / 256}.{n % 256}").WithinDeadline();
        Assert.AreEqual(PeerNames.NamesMax, runner.Runs);
    }

    private string Count => Path.Combine(_folder.FullName, "count");

    private int Lookups => File.Exists(Count) ? File.ReadAllLines(Count).Length : 0;

    private PeerNames Names(string script) =>
        new(new CommandRunner("/usr/bin:/bin"), Script.Write(_folder.FullName, "tailscale", script), _time);
}
