using System.Net;
using System.Text.Json;
using FastGate.Test.Commands.Shared;
using FastGate.Test.Proxy.Gate;
using FastGate.Test.Support;

namespace FastGate.Test.Commands.Status;

/// <summary><c>status</c> with and without a gate.</summary>
[TestClass]
[TestCategory(Category.Process)]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class StatusTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fg-");
    private readonly IPEndPoint _listener = new(IPAddress.Loopback, Ports.Free());

    private string Socket => Path.Combine(_folder.FullName, "gate.sock");

    public void Dispose() => _folder.Delete(recursive: true);

    [TestMethod]
    public async Task NoGate_IsCode1WithACure()
    {
        CliResult result = await Cli.RunAsync("status", "--socket", Socket);
        Assert.AreEqual(new CliResult(1, "", result.Error), result);
        StringAssert.StartsWith(
            result.Error,
            $"No gate is running: {Socket} does not exist. Start one with: fastgate run"
        );
        CliResult json = await Cli.RunAsync("status", "--socket", Socket, "--json");
        Assert.AreEqual(1, json.Code);
        Assert.IsFalse(JsonDocument.Parse(json.Out).RootElement.GetProperty("running").GetBoolean());
    }

    [TestMethod]
    public async Task DeadGate_IsCode1()
    {
        using (GateProcess gate = Start())
        {
            gate.Signal("KILL");
            await gate.ExitAsync();
        }
        CliResult result = await Cli.RunAsync("status", "--socket", Socket);
        Assert.AreEqual(1, result.Code);
        StringAssert.Contains(result.Error, "ended without removing it");
    }

    [TestMethod]
    public async Task SuspendedGate_IsCode2()
    {
        using GateProcess gate = Start();
        await gate.SuspendAsync();
        CliResult result = await Cli.RunAsync("status", "--socket", Socket);
        gate.Signal("CONT");
        Assert.AreEqual(2, result.Code);
        StringAssert.Contains(result.Error, "does not respond");
    }

    [TestMethod]
    public async Task SocketThatIsOff_IsCode2()
    {
        string config = Path.Combine(_folder.FullName, "fastgate.json");
        await File.WriteAllTextAsync(config, """{ "metrics": { "socket": "off" } }""");
        CliResult result = await Cli.RunAsync("status", "--config", config);
        Assert.AreEqual(2, result.Code);
        StringAssert.Contains(result.Error, "--socket");
    }

    [TestMethod]
    public async Task RunningGate_IsCode0_FoundByItsConfig_WithItsMetrics()
    {
        string config = Path.Combine(_folder.FullName, "fastgate.json");
        await File.WriteAllTextAsync(config, $$"""{ "metrics": { "socket": "{{Socket}}" } }""");
        using GateProcess gate = Start();
        using (RawClient client = await RawClient.ConnectAsync(_listener))
        {
            Assert.AreEqual(403, (await client.ExchangeAsync(Scene.Forbidden)).Status);
            Assert.AreEqual(503, (await client.ExchangeAsync(Scene.Get)).Status);
        }
        CliResult result = await Cli.RunAsync("status", "--config", config);
        Assert.AreEqual(new CliResult(0, result.Out, ""), result);
        foreach (
            string part in (string[])
                [
                    $", process {gate.Id}, ",
                    "127.0.0.1:1 does not respond",
                    $"bound to {_listener}, 8 rules",
                    "2 completed, 0 in flight",
                    "refused-path",
                    "unavailable",
                    "GET,HEAD /api/version",
                ]
        )
            StringAssert.Contains(result.Out, part);
        JsonElement json = JsonDocument
            .Parse((await Cli.RunAsync("status", "--config", config, "--json")).Out)
            .RootElement;
        Assert.AreEqual(gate.Id, json.GetProperty("gate").GetProperty("processId").GetInt32());
        Assert.IsFalse(json.GetProperty("upstreamAnswers").GetBoolean());
    }

    [TestMethod]
    [DataRow("--watch")]
    [DataRow("--watch", "--json")]
    public async Task Watch_Refreshes_NoticesThatTheGateStopped_AndExitsCleanly(params string[] flags)
    {
        GateProcess gate = Start();
        await using ChildProcess watch = ChildProcess.Start(
            SourceTree.Program,
            ["status", "--socket", Socket, .. flags]
        );
        for (int seen = 0; seen < 2; )
        {
            if ((await watch.ReadLineAsync())!.Contains($"{gate.Id}", StringComparison.Ordinal))
                seen++;
        }
        gate.Signal("TERM");
        Assert.AreEqual(0, await gate.ExitAsync(), gate.Output);
        while (!(await watch.ReadLineAsync())!.Contains("No gate is running", StringComparison.Ordinal))
            ;
        gate.Dispose();
        using GateProcess next = Start();
        while (!(await watch.ReadLineAsync())!.Contains($"{next.Id}", StringComparison.Ordinal))
            ;
        Signal.Send(watch.Id, "INT");
        (int code, _, string errors) = await watch.EndAsync(StepDeadline.Longest);
        Assert.AreEqual("0", $"{code}{errors}");
    }

    /// <summary>Regression: the verb kept running, with a request every second, after its reader had closed the pipe.</summary>
    [TestMethod]
    [DataRow("--watch")]
    [DataRow("--watch --json")]
    public async Task Watch_EndsWhenTheReaderClosesThePipe(string flags)
    {
        await using ChildProcess shell = ChildProcess.Start(
            Required.Tool("bash"),
            ["-c", $"\"$@\" {flags} | head -n 1 > /dev/null", "bash", SourceTree.Program, "status", "--socket", Socket]
        );
        (int code, string output, string errors) = await shell.EndAsync(StepDeadline.Longest);
        Assert.AreEqual((0, "", ""), (code, output, errors));
    }

    private GateProcess Start()
    {
        GateProcess gate = GateProcess.Start(
            "run",
            "--listen",
            _listener.ToString(),
            "--upstream",
            "127.0.0.1:1",
            "--access-log",
            "off",
            "--metrics-socket",
            Socket
        );
        gate.WaitFor($"Serving metrics on {Socket}");
        return gate;
    }
}
