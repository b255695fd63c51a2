using System.Diagnostics;
using FastGate.Commands.Logs;
using FastGate.Test.Commands.Shared;
using FastGate.Test.Proxy.AccessLog;
using FastGate.Test.Support;

namespace FastGate.Test.Commands.Logs;

/// <summary>The program in a separate process: following a log, and how it exits.</summary>
[TestClass]
[TestCategory(Category.Process)]
public sealed class LogsProcessTests : IDisposable
{
    private readonly TempLog _log = new();

    public void Dispose() => _log.Dispose();

    [TestMethod]
    [DataRow("INT")]
    [DataRow("TERM")]
    public async Task Follow_ShowsNewLinesAndExitsWith0(string signal)
    {
        _log.Append("");
        await using ChildProcess logs = Start("-f", "--json");
        _log.Append(Line("/1"));
        Assert.Contains("/1", await logs.ReadLineAsync() ?? "its end");
        _log.Append(Line("/2"));
        Assert.Contains("/2", await logs.ReadLineAsync() ?? "its end");
        File.Move(_log.Path, _log.Path + ".1");
        _log.Append(Line("/3"));
        Assert.Contains("/3", await logs.ReadLineAsync() ?? "its end");
        Signal.Send(logs.Id, signal);
        (int code, string rest, string errors) = await logs.EndAsync(StepDeadline.Longest);
        Assert.AreEqual((0, "", ""), (code, rest, errors));
    }

    [TestMethod]
    public async Task FollowOfAMissingLog_WaitsForIt()
    {
        using GateProcess logs = GateProcess.Start("logs", "-f", "--config", Cli.Empty, "--access-log", _log.Path);
        logs.WaitFor($"fastgate logs: waiting for {_log.Path}");
        logs.Signal("INT");
        Assert.AreEqual(0, await logs.ExitAsync());
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("--json")]
    [DataRow("-f")]
    public async Task ClosedPipe_EndsItQuietly(string flag)
    {
        for (int n = 0; n < 3000; n++)
            _log.Append(Line($"/{n}"));
        await using ChildProcess shell = ChildProcess.Start(
            Required.Tool("bash"),
            [
                "-c",
                "set -o pipefail; \"$@\" | head -n 2 > /dev/null",
                "bash",
                SourceTree.Program,
                "logs",
                "-n",
                "3000",
                "--config",
                Cli.Empty,
                "--access-log",
                _log.Path,
                .. flag.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            ]
        );
        (int code, string output, string errors) = await shell.EndAsync(StepDeadline.Longest);
        Assert.AreEqual((0, "", ""), (code, output, errors));
    }

    /// <summary>
    /// Regression: a full disk was reported as an empty log, or ended the program with a stack trace.
    /// </summary>
    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    [DataRow("logs")]
    [DataRow("logs --json")]
    [DataRow("logs --learn")]
    [DataRow("check")]
    public async Task FullDisk_IsCode2WithAMessage(string arguments)
    {
        _log.Append(Line("/1"));
        string[] flags = arguments == "check" ? [] : ["--access-log", _log.Path];
        await using ChildProcess shell = ChildProcess.Start(
            Required.Tool("bash"),
            ["-c", $"exec \"$0\" {arguments} \"$@\" > /dev/full", SourceTree.Program, "--config", Cli.Empty, .. flags]
        );
        (int code, string output, string errors) = await shell.EndAsync(StepDeadline.Longest);
        Assert.AreEqual((2, ""), (code, output));
        Assert.Contains("No space left on device", errors);
        Assert.DoesNotContain("Unhandled", errors);
    }

    [TestMethod]
    public async Task TailnetPeers_AreShownByName()
    {
        _log.Append(Line("/1", "100.64.0.7") + Line("/2", "192.168.1.2"));
        await using ChildProcess logs = StartWith("""echo '{"Node":{"ComputedName":"laptop"}}'""", "--peer", "laptop");
        Assert.StartsWith("TIME", await logs.ReadLineAsync() ?? "");
        Assert.Contains(" laptop ", await logs.ReadLineAsync() ?? "");
        Assert.IsNull(await logs.ReadLineAsync());
    }

    [TestMethod]
    [DataRow("exec sleep 600")]
    [DataRow("exit 1")]
    [DataRow("""echo '{"Node":{"ComputedName":"\u001b[31m"}}'""")]
    public async Task PeersWithoutAName_AreAddressesWithoutDelay(string tailscale)
    {
        _log.Append("");
        await using ChildProcess logs = StartWith(tailscale, "-f");
        _log.Append(Line("/1", "100.64.0.7"));
        Assert.StartsWith("TIME", await logs.ReadLineAsync() ?? "");
        long began = Stopwatch.GetTimestamp();
        for (int n = 2; n < 12; n++)
        {
            Assert.Contains(" 100.64.0.7 ", await logs.ReadLineAsync() ?? "");
            _log.Append(Line($"/{n}", "100.64.0.7"));
        }
        // Ten polls of a tenth of a second each, not ten times the two-second timeout of a program that hangs.
        Assert.IsLessThan(PeerNames.Timeout * 5, Stopwatch.GetElapsedTime(began));
    }

    private ChildProcess StartWith(string tailscale, params string[] flags)
    {
        string folder = Path.GetDirectoryName(_log.Path)!;
        Script.Write(folder, "tailscale", tailscale);
        return ChildProcess.Start(
            SourceTree.Program,
            ["logs", "--config", Cli.Empty, "--access-log", _log.Path, .. flags],
            null,
            ("PATH", $"{folder}:/usr/bin:/bin")
        );
    }

    private ChildProcess Start(params string[] flags) =>
        ChildProcess.Start(SourceTree.Program, ["logs", "--config", Cli.Empty, "--access-log", _log.Path, .. flags]);

    private static string Line(string path, string peer = "127.0.0.1") =>
        $$"""{"time":"2026-11-20T12:00:00.000Z","peer":"{{peer}}","method":"GET","path":"{{path}}","verdict":"allowed","status":200}"""
        + "\n";
}
