using System.Globalization;
using FastGate.Test.Commands.Shared;
using FastGate.Test.Proxy.AccessLog;

namespace FastGate.Test.Commands.Logs;

[TestClass]
public sealed class LogsTests : IDisposable
{
    private readonly TempLog _log = new();

    public void Dispose() => _log.Dispose();

    [TestMethod]
    public async Task LastLines_AreShownInColumnsWithoutSpaces()
    {
        _log.Append(Line(1) + Line(2, path: "/a b\\u001b[31m\\u009b"), ".1");
        _log.Append(Line(3, verdict: "refused-path", status: 403) + "{\"torn");
        CliResult result = await LogsAsync("-n", "2");
        Assert.AreEqual(0, result.Code);
        Assert.AreEqual("", result.Error);
        string[][] rows =
        [
            .. result.Out.Split('\n').Select(row => row.Split(' ', StringSplitOptions.RemoveEmptyEntries)),
        ];
        Assert.AreEqual(
            "TIME PEER VERDICT STATUS UP_B DOWN_B FIRST_MS TOTAL_MS GATE_MS ENDED METHOD PATH",
            string.Join(' ', rows[0])
        );
        Assert.AreEqual(
            @"2026-11-20T12:00:02.000Z 127.0.0.1 allowed 200 80 143 - 2.000 0.041 - GET /a\x20b\x1B[31m\x9B",
            string.Join(' ', rows[1])
        );
        Assert.AreEqual(
            "2026-11-20T12:00:03.000Z 127.0.0.1 refused-path 403 80 143 - 3.000 0.041 - GET /",
            string.Join(' ', rows[2])
        );
        Assert.HasCount(3, rows);
    }

    [TestMethod]
    [DataRow("", 50)]
    [DataRow("-n 0", 0)]
    [DataRow("-n 3", 3)]
    [DataRow("--since 2026-11-20T12:00:10Z", 51)]
    [DataRow("--since 2026-11-20T12:00:10Z -n 4", 4)]
    [DataRow("--refused", 12)]
    [DataRow("--refused -n 2", 2)]
    [DataRow("--slow 59", 2)]
    [DataRow("--peer 127.0.0.1", 50)]
    [DataRow("--peer 100.64.0.0/10", 0)]
    public async Task Flags_SelectTheLines(string flags, int count)
    {
        for (int n = 1; n <= 60; n++)
            _log.Append(Line(n, verdict: n % 5 == 0 ? "refused-path" : "allowed"));
        CliResult result = await LogsAsync(["--json", .. flags.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        Assert.AreEqual(0, result.Code);
        string[] lines = result.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.HasCount(count, lines);
        // Unchanged and in order.
        string all = File.ReadAllText(_log.Path);
        Assert.IsTrue(lines.All(line => all.Contains(line + "\n", StringComparison.Ordinal)));
        CollectionAssert.AreEqual(lines.Order(StringComparer.Ordinal).ToArray(), lines);
    }

    [TestMethod]
    public async Task InvalidLines_AreCountedAndSkipped()
    {
        _log.Append(Line(1) + "nonsense\n{\"time\":1}\n" + Line(2) + "\n");
        CliResult result = await LogsAsync("--json");
        Assert.HasCount(2, result.Out.Split('\n'));
        Assert.AreEqual("fastgate logs: skipped 2 invalid lines", result.Error);
        Assert.AreEqual(0, result.Code);
    }

    [TestMethod]
    public async Task DroppedLines_AreShown()
    {
        _log.Append("{\"time\":\"2026-11-20T12:00:00.000Z\",\"dropped\":7}\n");
        Assert.EndsWith("# 2026-11-20T12:00:00.000Z 7 lines missing here", (await LogsAsync("--refused")).Out);
        Assert.AreEqual("", (await LogsAsync("--refused", "--json")).Out);
    }

    [TestMethod]
    [DataRow("--access-log /nowhere/access.log", "/nowhere/access.log does not exist yet")]
    [DataRow("--access-log off", "the access log is off in ")]
    [DataRow("--access-log -", "the access log goes to the gate's standard output")]
    [DataRow("--access-log /", "\"/\" is a directory")]
    [DataRow("--access-log /usr", "cannot read /usr: ")]
    [DataRow("--since yesterday", "--since: \"yesterday\" is not a valid time")]
    [DataRow("--peer a:b", "--peer: \"a:b\" is not an address, a range or a machine name")]
    [DataRow("-n x", "\"x\" is not a whole number")]
    [DataRow("-n -1", "\"-1\" is not a whole number")]
    [DataRow("--slow x", "--slow: \"x\" is not a number of milliseconds")]
    [DataRow("--learn -f", "--learn reads the whole log and exits: it cannot be combined with --follow")]
    [DataRow("--with-unknown", "--with-unknown requires --learn")]
    [DataRow("--config /nowhere/x.json", "/nowhere/x.json: the file does not exist")]
    public async Task InvalidFlags_AreCode2WithAReason(string flags, string error)
    {
        _log.Append(Line(1));
        CliResult result = await Cli.RunAsync([
            "logs",
            "--config",
            Cli.Empty,
            "--access-log",
            _log.Path,
            .. flags.Split(' '),
        ]);
        // A repeated flag would be an error of its own.
        if (flags.StartsWith("--access-log", StringComparison.Ordinal))
            result = await Cli.RunAsync(["logs", "--config", Cli.Empty, .. flags.Split(' ')]);
        if (flags.StartsWith("--config", StringComparison.Ordinal))
            result = await Cli.RunAsync(["logs", .. flags.Split(' ')]);
        Assert.AreEqual(2, result.Code);
        Assert.AreEqual("", result.Out);
        Assert.Contains(error, result.Error);
    }

    private Task<CliResult> LogsAsync(params string[] flags) =>
        Cli.RunAsync(["logs", "--config", Cli.Empty, "--access-log", _log.Path, .. flags]);

    private static string Line(int second, string verdict = "allowed", int status = 200, string path = "/")
    {
        string time = new DateTime(2026, 11, 20, 12, 0, 0)
            .AddSeconds(second)
            .ToString("s", CultureInfo.InvariantCulture);
        return $$"""{"time":"{{time}}.000Z","peer":"127.0.0.1","method":"GET","path":"{{path}}","verdict":"{{verdict}}","rule":null,"status":{{status}},"bytesReceived":80,"bytesSent":143,"firstByteMs":null,"durationMs":{{second}}.000,"gateMs":0.041,"close":null}"""
            + "\n";
    }
}
