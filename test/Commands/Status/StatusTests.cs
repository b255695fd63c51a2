using System.Net;
using System.Text.Json;
using FastGate.Test.Commands.Shared;
using FastGate.Test.Proxy.Gate;
using FastGate.Test.Support;

namespace FastGate.Test.Commands.Status;

/// <summary>The verb, with a gate and without.</summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class StatusTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fg-");
    private readonly IPEndPoint _entrance = new(IPAddress.Loopback, Ports.Free());

    private string Socket => Path.Combine(_folder.FullName, "gate.sock");

    public void Dispose() => _folder.Delete(recursive: true);

    [TestMethod]
    public async Task NoGate_IsCode1_AndASentenceWithTheCure()
    {
        Answer answer = await Words.RunAsync("status", "--socket", Socket);
        Assert.AreEqual(new Answer(1, "", answer.Error), answer);
        StringAssert.StartsWith(
            answer.Error,
            $"No gate is running: there is no {Socket}. Start one with: fastgate run"
        );
        Answer json = await Words.RunAsync("status", "--socket", Socket, "--json");
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
        Answer answer = await Words.RunAsync("status", "--socket", Socket);
        Assert.AreEqual(1, answer.Code);
        StringAssert.Contains(answer.Error, "has ended without removing it");
    }

    [TestMethod]
    public async Task StoppedGate_IsCode2()
    {
        using GateProcess gate = Start();
        gate.Signal("STOP");
        Answer answer = await Words.RunAsync("status", "--socket", Socket);
        gate.Signal("CONT");
        Assert.AreEqual(2, answer.Code);
        StringAssert.Contains(answer.Error, "does not answer");
    }

    [TestMethod]
    public async Task SocketThatIsOff_IsCode2()
    {
        string config = Path.Combine(_folder.FullName, "fastgate.json");
        await File.WriteAllTextAsync(config, """{ "metrics": { "socket": "off" } }""");
        Answer answer = await Words.RunAsync("status", "--config", config);
        Assert.AreEqual(2, answer.Code);
        StringAssert.Contains(answer.Error, "--socket");
    }

    [TestMethod]
    public async Task RunningGate_IsCode0_FoundByItsConfig_AndTheNumbersAreThoseOfTheGate()
    {
        string config = Path.Combine(_folder.FullName, "fastgate.json");
        await File.WriteAllTextAsync(config, $$"""{ "metrics": { "socket": "{{Socket}}" } }""");
        using GateProcess gate = Start();
        using (RawClient client = await RawClient.ConnectAsync(_entrance))
        {
            Assert.AreEqual(403, (await client.ExchangeAsync(Scene.Forbidden)).Status);
            Assert.AreEqual(503, (await client.ExchangeAsync(Scene.Get)).Status);
        }
        Answer answer = await Words.RunAsync("status", "--config", config);
        Assert.AreEqual(new Answer(0, answer.Out, ""), answer);
        foreach (
            string part in (string[])
                [
                    $", process {gate.Id}, ",
                    "127.0.0.1:1 does not answer",
                    $"bound to {_entrance}, 8 rules",
                    "2 done, 0 in flight",
                    "refused-path",
                    "unavailable",
                    "GET,HEAD /api/version",
                ]
        )
            StringAssert.Contains(answer.Out, part);
        JsonElement json = JsonDocument
            .Parse((await Words.RunAsync("status", "--config", config, "--json")).Out)
            .RootElement;
        Assert.AreEqual(gate.Id, json.GetProperty("gate").GetProperty("processId").GetInt32());
        Assert.IsFalse(json.GetProperty("upstreamAnswers").GetBoolean());
    }

    [TestMethod]
    [DataRow("--watch")]
    [DataRow("--watch", "--json")]
    public async Task Watch_ShowsItAgain_SeesTheGateGo_AndEndsCleanly(params string[] flags)
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
        Assert.AreEqual(0, await gate.ExitAsync(), gate.Said);
        while (!(await watch.ReadLineAsync())!.Contains("No gate is running", StringComparison.Ordinal))
            ;
        gate.Dispose();
        using GateProcess next = Start();
        while (!(await watch.ReadLineAsync())!.Contains($"{next.Id}", StringComparison.Ordinal))
            ;
        Signal.Send(watch.Id, "INT");
        (int code, _, string faults) = await watch.EndAsync(StepDeadline.Longest);
        Assert.AreEqual("0", $"{code}{faults}");
    }

    /// <summary>It once went on for ever, and asked the gate each second, after the one who read it had gone.</summary>
    [TestMethod]
    [DataRow("--watch")]
    [DataRow("--watch --json")]
    public async Task Watch_EndsWhenNobodyReads(string flags)
    {
        await using ChildProcess shell = ChildProcess.Start(
            Required.Tool("bash"),
            ["-c", $"\"$@\" {flags} | head -n 1 > /dev/null", "bash", SourceTree.Program, "status", "--socket", Socket]
        );
        (int code, string output, string faults) = await shell.EndAsync(StepDeadline.Longest);
        Assert.AreEqual((0, "", ""), (code, output, faults));
    }

    private GateProcess Start()
    {
        GateProcess gate = GateProcess.Start(
            "run",
            "--listen",
            _entrance.ToString(),
            "--upstream",
            "127.0.0.1:1",
            "--access-log",
            "off",
            "--metrics-socket",
            Socket
        );
        gate.WaitFor($"Numbers are told on {Socket}");
        return gate;
    }
}
