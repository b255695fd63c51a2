using System.Net;
using System.Runtime.InteropServices;
using FastGate.Commands.Install;
using FastGate.Commands.Shared;
using FastGate.Host;
using FastGate.Launchd;
using FastGate.Proxy.Listening;
using FastGate.Test.Commands.Shared;
using FastGate.Test.StandIn;
using FastGate.Test.Support;

namespace FastGate.Test.Commands.Install;

/// <summary>
/// The real program, published by <c>install</c> itself, kept by tools that really start it. The longest tests of this
/// room: the publication takes a minute and more.
/// </summary>
[TestClass]
public sealed class RealProgramTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(12);
    private static readonly string Project = Path.Combine(SourceTree.Root, "src/Filter/Filter.csproj");
    private static readonly string Output = Path.Combine(AppContext.BaseDirectory, "real-program");

    private readonly int _port = GateProcess.FreePort();

    [TestMethod]
    public async Task FromSource_OnLinuxAndThenOnAMac_RunsAndLeavesNothingBehind()
    {
        if (Directory.Exists(Output))
            Directory.Delete(Output, recursive: true);
        string program = Path.Combine(
            Directory.CreateDirectory(Path.Combine(Output, "published")).FullName,
            "fastgate"
        );
        await RunOnLinuxAsync(program);
        await RunOnMacAsync(program);
    }

    // Otherwise a second install would put another program in the place of the first. The name of a type that a
    // generator makes for one file has had the folder of the build in it.
    [TestMethod]
    public async Task SameSource_IsTheSameProgram()
    {
        string first = await CompileAsync("first");
        Assert.AreEqual(Disk.HashOf(first), Disk.HashOf(await CompileAsync("second")));
    }

    private async Task RunOnLinuxAsync(string program)
    {
        using Home home = Prepare(isMac: false);
        // NuGet's own mark in a home where it was used before, which a restore would leave there.
        home.Write(".local/share/NuGet/Migrations/1", "");
        await using StandInOllama ollama = await StandInOllama.StartAsync();
        WriteConfig(home, ollama);
        string[] before = home.Tree();
        try
        {
            string said = await RunAsync(home, SourceTree.Program, "install", "--yes");
            CheckSaid(said);
            await CheckGateAsync();
            File.Copy(home.PathOf(".local/bin/fastgate"), program);

            string gone = await RunAsync(home, home.PathOf(".local/bin/fastgate"), "uninstall", "--yes");
            Assert.Contains("FastGate is uninstalled.", gone);
            home.CheckTree(before, gone);
        }
        finally
        {
            RunningTools.Stop(home.State);
        }
    }

    private async Task RunOnMacAsync(string program)
    {
        using Home home = Prepare(isMac: true);
        await using StandInOllama ollama = await StandInOllama.StartAsync();
        WriteConfig(home, ollama);
        string[] before = home.Tree();
        using HttpProbe probe = new();
        HostEnvironment site = home.Site with
        {
            Publisher = new CopyPublisher(program, "/nowhere"),
            Probe = probe,
            Time = TimeProvider.System,
            DotnetFolder = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../..")),
            Machine = home.Site.Machine with { Interfaces = [new InterfaceAddress("lo0", IPAddress.Loopback)] },
        };
        try
        {
            StringWriter said = new();
            await InstallVerb.RunAsync(site, new InstallChoices(Yes: true), new Terminal(said, said));
            CheckSaid(said.ToString());
            await CheckGateAsync();
            Assert.Contains("Upstream: 127.0.0.1:", home.Read("Library/Logs/FastGate/fastgate.log"));

            StringWriter gone = new();
            Assert.AreEqual(
                0,
                await UninstallVerb.RunAsync(site, dryRun: false, yes: true, new Terminal(gone, gone)),
                gone.ToString()
            );
            home.CheckTree(before, gone.ToString());
        }
        finally
        {
            RunningTools.Stop(home.State);
        }
    }

    private static Home Prepare(bool isMac)
    {
        Required.Tool("python3");
        Home home = new(isMac);
        RunningTools.WriteTo(home.Tools);
        return home;
    }

    // With the paths of access log and socket said: the program itself sees that it is on Linux.
    private void WriteConfig(Home home, StandInOllama ollama)
    {
        string state = home.IsMac ? "~/Library/Logs/FastGate" : "~/.local/state/fastgate";
        home.Write(
            ".config/fastgate/fastgate.json",
            $$"""
            { "listen": "127.0.0.1:{{_port}}", "upstream": "{{ollama.Endpoint}}", "accessLog": "{{state}}/access.log",
              "metrics": { "socket": "{{state}}/run/gate.sock" } }
            """
        );
    }

    // On a burdened machine the added time may be beyond its limit; the rest has to hold.
    private static void CheckSaid(string said)
    {
        Assert.Contains("PASS     POST /api/pull is refused at 127.0.0.1:", said);
        Assert.Contains("GET /api/version is forwarded at 127.0.0.1:", said);
        Assert.IsTrue(
            said.Split('\n')
                .All(line =>
                    !line.StartsWith("FAIL", StringComparison.Ordinal)
                    || line.Contains("the gate adds ", StringComparison.Ordinal)
                ),
            said
        );
    }

    private async Task CheckGateAsync()
    {
        using RawClient client = await RawClient.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _port));
        Assert.AreEqual(
            200,
            (await client.ExchangeAsync("GET /api/version HTTP/1.1\r\nHost: localhost\r\n\r\n")).Status
        );
        Assert.AreEqual(
            403,
            (await client.ExchangeAsync("DELETE /api/delete HTTP/1.1\r\nHost: localhost\r\n\r\n")).Status
        );
    }

    private static async Task<string> RunAsync(Home home, string program, params string[] words)
    {
        await using ChildProcess verb = ChildProcess.Start(
            program,
            words,
            home.Folder,
            ("HOME", home.Folder),
            ("FAKE_STATE", home.State),
            ("XDG_CONFIG_HOME", ""),
            ("XDG_STATE_HOME", ""),
            ("XDG_DATA_HOME", ""),
            ("SUDO_USER", ""),
            ("PATH", $"{home.Tools}:{Environment.GetEnvironmentVariable("PATH")}"),
            // The packages of who runs the tests; what dotnet itself leaves in a home goes elsewhere.
            (
                "NUGET_PACKAGES",
                Environment.GetEnvironmentVariable("NUGET_PACKAGES")
                    ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget/packages")
            ),
            ("DOTNET_CLI_HOME", Output),
            ("XDG_CACHE_HOME", Output),
            ("DOTNET_NOLOGO", "1"),
            ("NUGET_HTTP_CACHE_PATH", Path.Combine(Output, "http")),
            ("NUGET_PLUGINS_CACHE_PATH", Path.Combine(Output, "plugins")),
            ("NUGET_SCRATCH", Path.Combine(Output, "scratch"))
        );
        (int code, string said, string faults) = await verb.EndAsync(Longest);
        Assert.IsLessThanOrEqualTo(1, code, $"{said}\n{faults}");
        return said;
    }

    /// <returns>The program without .NET in it and not in one file, from a folder of its own: seconds, and not
    /// minutes.</returns>
    private static async Task<string> CompileAsync(string name)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "same-program", name);
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        CommandResult result = await new CommandRunner(Environment.GetEnvironmentVariable("PATH")!).RunAsync(
            "dotnet",
            [
                "publish",
                Project,
                "-c",
                "Release",
                "-r",
                Runtime,
                "--self-contained",
                "false",
                "-p:PublishReadyToRun=true",
                "-p:DebugType=none",
                "-p:RunAnalyzers=false",
                "-p:UseSharedCompilation=false",
                "-nodeReuse:false",
                "-o",
                Path.Combine(folder, "out"),
                "--artifacts-path",
                Path.Combine(folder, "build"),
            ],
            Longest
        );
        Assert.IsTrue(result.Succeeded, result.Output);
        return Path.Combine(folder, "out", "fastgate.dll");
    }

    private static string Runtime => $"linux-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
}
