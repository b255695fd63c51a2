using System.Net;
using System.Runtime.InteropServices;
using FastGate.Commands.Install;
using FastGate.Commands.Shared;
using FastGate.Host;
using FastGate.Launchd;
using FastGate.Proxy.Listening;
using FastGate.Test.StandIn;
using FastGate.Test.Support;

namespace FastGate.Test.Commands.Install;

/// <summary>
/// The real program, run by tools that actually start it. In the long form <c>install</c> publishes it from source,
/// which takes a minute or more; in the short form it installs a copy of the file that runs it.
/// </summary>
[TestClass]
// Publishing takes every processor, and tests of times beside it would fail.
[DoNotParallelize]
public sealed class RealProgramTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(30);
    private static readonly string Project = Path.Combine(SourceTree.Root, "src/Filter/Filter.csproj");
    private static readonly string Output = Path.Combine(AppContext.BaseDirectory, "real-program");

    /// <summary>The published program, without native code.</summary>
    internal static readonly Lazy<Task<string>> First = new(() => PublishAsync("first"));
    private static readonly Lazy<Task<string>> Second = new(() => PublishAsync("second"));

    private readonly int _port = Ports.Free();

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

    // Otherwise a second install would replace the program. Source-generated code once put the build folder into a type
    // name.
    [TestMethod]
    public async Task SameSource_BuildsTheSameProgram()
    {
        string[] programs = await Task.WhenAll(First.Value, Second.Value);
        Assert.AreEqual(Disk.HashOf(programs[0]), Disk.HashOf(programs[1]));
    }

    private async Task RunOnLinuxAsync(string program)
    {
        using Home home = Prepare(isMac: false);
        // The file that NuGet leaves in a home directory where it was used before; a restore would create it.
        home.Write(".local/share/NuGet/Migrations/1", "");
        await using StandInOllama ollama = await StandInOllama.StartAsync();
        WriteConfig(home, ollama);
        string[] before = home.Tree();
        try
        {
            string output = await RunAsync(
                home,
                LongForm.IsOn ? SourceTree.Program : await First.Value,
                "install",
                "--yes"
            );
            CheckOutput(output);
            await CheckGateAsync();
            if (LongForm.IsOn)
                Assert.Contains(
                    "ok       build the program (unchanged: ",
                    await RunAsync(home, SourceTree.Program, "install", "--yes")
                );
            File.Copy(home.PathOf(".local/bin/fastgate"), program);

            string uninstallOutput = await RunAsync(home, home.PathOf(".local/bin/fastgate"), "uninstall", "--yes");
            Assert.Contains("FastGate was uninstalled.", uninstallOutput);
            home.CheckTree(before, uninstallOutput);
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
        HostEnvironment environment = home.HostEnvironment with
        {
            Publisher = new CopyPublisher(program, "/nowhere"),
            Probe = probe,
            Time = TimeProvider.System,
            DotnetFolder = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../..")),
            Machine = home.HostEnvironment.Machine with
            {
                Interfaces = [new InterfaceAddress("lo0", IPAddress.Loopback)],
            },
        };
        try
        {
            StringWriter output = new();
            await InstallVerb.RunAsync(environment, new InstallChoices(Yes: true), new Terminal(output, output));
            CheckOutput(output.ToString());
            await CheckGateAsync();
            Assert.Contains("Upstream: 127.0.0.1:", home.Read("Library/Logs/FastGate/fastgate.log"));

            StringWriter uninstallOutput = new();
            Assert.AreEqual(
                0,
                await UninstallVerb.RunAsync(
                    environment,
                    dryRun: false,
                    yes: true,
                    new Terminal(uninstallOutput, uninstallOutput)
                ),
                uninstallOutput.ToString()
            );
            home.CheckTree(before, uninstallOutput.ToString());
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

    // Sets the paths of the access log and the socket, because the program itself detects that it runs on Linux.
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

    // On a busy machine the added time may exceed its limit; everything else has to pass.
    private static void CheckOutput(string output)
    {
        Assert.Contains("PASS     POST /api/pull is refused at 127.0.0.1:", output);
        Assert.Contains("GET /api/version is forwarded at 127.0.0.1:", output);
        Assert.IsTrue(
            output
                .Split('\n')
                .All(line =>
                    !line.StartsWith("FAIL", StringComparison.Ordinal)
                    || line.Contains("the gate adds ", StringComparison.Ordinal)
                ),
            output
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

    /// <summary>Runs a verb of a program in a home.</summary>
    internal static async Task<string> RunAsync(Home home, string program, params string[] words)
    {
        await using ChildProcess verb = ChildProcess.Start(
            program,
            words,
            home.Folder,
            [
                .. home.Variables,
                ("PATH", $"{home.Tools}:{Environment.GetEnvironmentVariable("PATH")}"),
                // The package cache of the user who runs the tests; what dotnet leaves in a home directory goes elsewhere.
                (
                    "NUGET_PACKAGES",
                    Environment.GetEnvironmentVariable("NUGET_PACKAGES")
                        ?? Path.Combine(
                            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
                            ".nuget/packages"
                        )
                ),
                ("DOTNET_CLI_HOME", Output),
                ("XDG_CACHE_HOME", Output),
                ("DOTNET_NOLOGO", "1"),
                ("NUGET_HTTP_CACHE_PATH", Path.Combine(Output, "http")),
                ("NUGET_PLUGINS_CACHE_PATH", Path.Combine(Output, "plugins")),
                ("NUGET_SCRATCH", Path.Combine(Output, "scratch")),
            ]
        );
        (int code, string output, string faults) = await verb.EndAsync(Timeout);
        Assert.IsLessThanOrEqualTo(1, code, $"{output}\n{faults}");
        return output;
    }

    /// <summary>Publishes the program as <c>install</c> does, from a separate folder.</summary>
    private static async Task<string> PublishAsync(string name)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "same-program", name);
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        CommandRunner runner = new(Environment.GetEnvironmentVariable("PATH")!);
        if (LongForm.IsOn)
        {
            SourcePublisher publisher = new(
                Project,
                RuntimeName.Portable,
                "",
                runner,
                new NativeTools(runner, isMac: false)
            );
            PublishResult published = await publisher.PublishAsync(await publisher.PlanAsync(), folder, _ => { });
            Assert.IsNotNull(published.Path, published.Problem);
            return published.Path;
        }
        string output = Path.Combine(folder, "out");
        // As one file with .NET in it or, without the runtime's package, with the installed .NET. Not compiled ahead of
        // time, which takes most of the time.
        CommandResult whole = await RunAsync("--self-contained", "true");
        if (!whole.Succeeded)
        {
            CommandResult slim = await RunAsync("--self-contained", "false");
            Assert.IsTrue(slim.Succeeded, slim.Output);
        }
        return Path.Combine(output, "fastgate");

        Task<CommandResult> RunAsync(params string[] how) =>
            runner.RunAsync(
                "dotnet",
                [
                    "publish",
                    Project,
                    "-c",
                    "Release",
                    "-r",
                    RuntimeName.Portable,
                    "-p:PublishSingleFile=true",
                    "-p:DebugType=none",
                    "-p:RunAnalyzers=false",
                    "-p:UseSharedCompilation=false",
                    "-nodeReuse:false",
                    "-o",
                    output,
                    "--artifacts-path",
                    Path.Combine(folder, "build"),
                    .. how,
                ],
                Timeout
            );
    }
}
