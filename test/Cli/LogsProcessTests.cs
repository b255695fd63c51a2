using FastGate.Test.AccessLog;
using FastGate.Test.Support;

namespace FastGate.Test.Cli;

/// <summary>The program in a process of its own: what comes while it looks, and how it ends.</summary>
[TestClass]
public sealed class LogsProcessTests
{
    private readonly TempLog log = new();

    [TestCleanup]
    public void Cleanup() => log.Dispose();

    [TestMethod]
    [DataRow("INT")]
    [DataRow("TERM")]
    public async Task Follow_ShowsWhatComesAndEndsWithCode0(string signal)
    {
        log.Append("");
        await using ChildProcess logs = Start("-f", "--json");
        log.Append(Line("/1"));
        Assert.Contains("/1", await logs.ReadLineAsync() ?? "its end");
        log.Append(Line("/2"));
        Assert.Contains("/2", await logs.ReadLineAsync() ?? "its end");
        File.Move(log.Path, log.Path + ".1");
        log.Append(Line("/3"));
        Assert.Contains("/3", await logs.ReadLineAsync() ?? "its end");
        Signal.Send(logs.Id, signal);
        (int code, string rest, string faults) = await logs.EndAsync(StepDeadline.Longest);
        Assert.AreEqual((0, "", ""), (code, rest, faults));
    }

    [TestMethod]
    public async Task FollowOfNothing_SaysThatItWaits()
    {
        using GateProcess logs = GateProcess.Start("logs", "-f", "--config", Words.Empty, "--access-log", log.Path);
        logs.WaitFor($"fastgate logs: waiting for {log.Path}");
        logs.Signal("INT");
        Assert.AreEqual(0, await logs.ExitAsync());
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("--json")]
    [DataRow("-f")]
    public async Task ReaderThatGoesAway_EndsItQuietly(string flag)
    {
        for (int n = 0; n < 3000; n++) log.Append(Line($"/{n}"));
        await using ChildProcess shell = ChildProcess.Start(Required.Tool("bash"),
            ["-c", "set -o pipefail; \"$@\" | head -n 2 > /dev/null", "bash", SourceTree.Program, "logs", "-n", "3000", "--config", Words.Empty, "--access-log", log.Path, .. flag.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        (int code, string output, string faults) = await shell.EndAsync(StepDeadline.Longest);
        Assert.AreEqual((0, "", ""), (code, output, faults));
    }

    private ChildProcess Start(params string[] flags) => ChildProcess.Start(SourceTree.Program, ["logs", "--config", Words.Empty, "--access-log", log.Path, .. flags]);

    private static string Line(string path) =>
        $$"""{"time":"2026-11-20T12:00:00.000Z","peer":"127.0.0.1","method":"GET","path":"{{path}}","verdict":"allowed","status":200}""" + "\n";
}
