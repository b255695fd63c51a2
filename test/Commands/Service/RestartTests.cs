using System.Net;
using System.Runtime.InteropServices;
using FastGate.Host;
using FastGate.Test.Commands.Install;
using FastGate.Test.StandIn;
using FastGate.Test.Support;

namespace FastGate.Test.Commands.Service;

/// <summary>The real program is restarted by a systemctl that really stops and starts it, while clients send
/// requests.</summary>
[TestClass]
[TestCategory(Category.Process)]
[OSCondition(OperatingSystems.Linux)]
public sealed class RestartTests
{
    private const string UnitFile = ".config/systemd/user/fastgate.service";

    private readonly IPEndPoint _at = new(IPAddress.Loopback, Ports.Free());

    [TestMethod]
    public async Task Restart_LosesNoRequest_AndNoStream()
    {
        TaskCompletionSource release = new();
        await using StandInOllama ollama = await StandInOllama.StartAsync();
        ollama.Pace = new Pace { BeforeToken = (n, _) => n < 2 ? Task.CompletedTask : release.Task };
        using Home home = Prepare(ollama);
        try
        {
            await StartAsync(home);
            using RawClient streaming = await OpenStream.BeginAsync(_at);
            await using SteadyClients clients = new(_at);
            await clients.MoreAsync();

            await using ChildProcess restart = Run(home, "restart");
            // The old gate still has the stream, and the verb serves everything else.
            Assert.StartsWith("Waiting for responses in flight", await restart.ReadLineAsync());
            string before = Pid(home);
            await clients.MoreAsync();
            release.SetResult();
            Assert.Contains("[DONE]", (await streaming.ReadResponseAsync()).Text);
            streaming.Dispose();
            string output = await SucceedAsync(restart);
            Assert.AreEqual("Restarted fastgate.service.\nState: active, not enabled", output);
            Assert.AreNotEqual(before, Pid(home));

            await clients.MoreAsync();
            await clients.CheckAsync();
        }
        finally
        {
            RunningTools.Stop(home.State);
        }
    }

    [TestMethod]
    public async Task NewGateThatCannotStart_ChangesNothing()
    {
        await using StandInOllama ollama = await StandInOllama.StartAsync();
        using Home home = Prepare(ollama);
        try
        {
            await StartAsync(home);
            string before = Pid(home);
            await using SteadyClients clients = new(_at);
            string config = home.Read(".config/fastgate/fastgate.json");
            home.Write(
                ".config/fastgate/fastgate.json",
                config.Replace("@seed", "GET nothing", StringComparison.Ordinal)
            );
            await using ChildProcess restart = Run(home, "restart");
            (int code, _, string faults) = await restart.EndAsync(StepDeadline.Longest);
            Assert.AreEqual(1, code);
            Assert.Contains("the config is invalid, so the gate was not restarted", faults);
            Assert.AreEqual(before, Pid(home));
            await clients.MoreAsync();
            await clients.CheckAsync();
        }
        finally
        {
            RunningTools.Stop(home.State);
        }
    }

    // The verb is killed while it serves in place of the gate, for example with its terminal.
    [TestMethod]
    public async Task VerbThatIsKilled_LeavesTheOldGateServing()
    {
        TaskCompletionSource release = new();
        await using StandInOllama ollama = await StandInOllama.StartAsync();
        ollama.Pace = new Pace { BeforeToken = (n, _) => n < 2 ? Task.CompletedTask : release.Task };
        using Home home = Prepare(ollama);
        try
        {
            await StartAsync(home);
            string before = Pid(home);
            using RawClient streaming = await OpenStream.BeginAsync(_at);
            await using (ChildProcess restart = Run(home, "restart"))
                Assert.StartsWith("Waiting for responses in flight", await restart.ReadLineAsync());
            await Until.HoldsAsync(IsServedAsync, "the old gate serves again");
            Assert.AreEqual(before, Pid(home));
            release.SetResult();
            Assert.Contains("[DONE]", (await streaming.ReadResponseAsync()).Text);

            // And the next restart works.
            await using SteadyClients clients = new(_at);
            await clients.MoreAsync();
            await using ChildProcess second = Run(home, "restart");
            string output = await SucceedAsync(second);
            Assert.DoesNotContain("refused", output);
            await clients.MoreAsync();
            await clients.CheckAsync();
        }
        finally
        {
            RunningTools.Stop(home.State);
        }
    }

    private Home Prepare(StandInOllama ollama)
    {
        Required.Tool("python3");
        Home home = new(isMac: false);
        RunningTools.WriteTo(home.Tools);
        home.Write(
            ".config/fastgate/fastgate.json",
            $$"""{ "listen": "{{_at}}", "upstream": "{{ollama.Endpoint}}", "allow": ["@seed"] }"""
        );
        string dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
        home.Write(
            UnitFile,
            $"[Service]\nExecStart=\"{SourceTree.Program}\" \"run\"\nEnvironment=\"DOTNET_ROOT={dotnet}\"\n"
        );
        return home;
    }

    private async Task StartAsync(Home home)
    {
        await using ChildProcess start = Run(home, "start");
        await SucceedAsync(start);
        await Until.HoldsAsync(IsServedAsync, "the gate serves");
    }

    private async Task<bool> IsServedAsync()
    {
        try
        {
            using RawClient client = await RawClient.ConnectAsync(_at);
            return (await client.ExchangeAsync("GET /api/version HTTP/1.1\r\nHost: gate\r\n\r\n")).Status == 200;
        }
        catch (System.Net.Sockets.SocketException)
        {
            // Nothing listens yet.
            return false;
        }
    }

    private static async Task<string> SucceedAsync(ChildProcess verb)
    {
        (int code, string output, string faults) = await verb.EndAsync(StepDeadline.Longest);
        Assert.AreEqual(0, code, $"{output}\n{faults}");
        return output;
    }

    private static ChildProcess Run(Home home, string verb) =>
        ChildProcess.Start(
            SourceTree.Program,
            [verb],
            home.Folder,
            [.. home.Variables, ("PATH", $"{home.Tools}:{Environment.GetEnvironmentVariable("PATH")}")]
        );

    private static string Pid(Home home) => RunningTools.Pid(home.State, InstallPaths.UnitName);
}
