using System.Net;
using FastGate.Host;
using FastGate.Test.StandIn;
using FastGate.Test.Support;

namespace FastGate.Test.Commands.Install;

/// <summary>The real program replaces an older one while clients send requests.</summary>
[TestClass]
[TestCategory(Category.Process)]
[OSCondition(OperatingSystems.Linux)]
// The program is published first, which takes every processor.
[DoNotParallelize]
public sealed class UpgradeTests
{
    private readonly IPEndPoint _at = new(IPAddress.Loopback, Ports.Free());

    [TestMethod]
    public async Task Install_OverARunningGate_LosesNoRequest_AndNoStream()
    {
        Required.Tool("python3");
        TaskCompletionSource release = new();
        await using StandInOllama ollama = await StandInOllama.StartAsync();
        using Home home = new(isMac: false);
        RunningTools.WriteTo(home.Tools);
        home.Write(
            ".config/fastgate/fastgate.json",
            $$"""{ "listen": "{{_at}}", "upstream": "{{ollama.Endpoint}}", "allow": ["@seed"] }"""
        );
        string[] before = home.Tree();
        // Only a program that is one file installs itself.
        string program =
            SourceTree.Program == SourceTree.BuiltProgram ? await RealProgramTests.First.Value : SourceTree.Program;
        try
        {
            Assert.Contains("PASS", await RealProgramTests.RunAsync(home, program, "install", "--yes"));
            string newer = home.PathOf("newer/fastgate");
            Directory.CreateDirectory(Path.GetDirectoryName(newer)!);
            File.Copy(program, newer);
            // Bytes behind a program do not change what it does.
            await File.AppendAllTextAsync(newer, "newer");
            string first = RunningTools.Pid(home.State, InstallPaths.UnitName);

            ollama.Pace = new Pace { BeforeToken = (n, _) => n < 2 ? Task.CompletedTask : release.Task };
            using RawClient streaming = await OpenStream.BeginAsync(_at);
            await using SteadyClients clients = new(_at);
            await clients.MoreAsync();
            Task<string> upgrade = RealProgramTests.RunAsync(home, newer, "install", "--yes");
            // The old gate accepts nothing more, so these are served by the installer.
            string standIn = home.PathOf(".local/state/fastgate/access-2.log");
            await Until.HoldsAsync(() => File.Exists(standIn) || upgrade.IsCompleted, "the installer serves");
            await clients.MoreAsync();
            Assert.AreEqual(first, RunningTools.Pid(home.State, InstallPaths.UnitName));
            release.SetResult();
            Assert.Contains("[DONE]", (await streaming.ReadResponseAsync()).Text);
            streaming.Dispose();
            string output = await upgrade;
            Assert.Contains("done     serve clients from here while the gate restarts", output);
            Assert.Contains("done     hand the clients to the new gate", output);
            Assert.AreNotEqual(first, RunningTools.Pid(home.State, InstallPaths.UnitName));
            await clients.MoreAsync();
            await clients.CheckAsync();

            Directory.Delete(Path.GetDirectoryName(newer)!, recursive: true);
            string uninstalled = await RealProgramTests.RunAsync(
                home,
                home.PathOf(".local/bin/fastgate"),
                "uninstall",
                "--yes"
            );
            home.CheckTree(before, uninstalled, except: "NuGet");
        }
        finally
        {
            RunningTools.Stop(home.State);
        }
    }
}
