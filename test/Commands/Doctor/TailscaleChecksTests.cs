using System.Net;
using FastGate.Commands.Doctor;
using FastGate.Config;
using FastGate.Host;
using FastGate.Launchd;
using FastGate.Test.Commands.Install;
using FastGate.Test.Config;

namespace FastGate.Test.Commands.Doctor;

/// <summary>What doctor reports of Tailscale, whatever Tailscale's own program prints.</summary>
[TestClass]
public sealed class TailscaleChecksTests
{
    private const string Down =
        "failed to connect to local tailscaled; it doesn't appear to be running (sudo systemctl start tailscaled ?)";

    private static readonly string Broken = Corpus("E1-cli-without-a-session.sh");

    private static readonly Machine Machine = Configs.Machine with { Name = "fastgate-test-box" };

    private static readonly Machine WithoutTailscale = Machine with
    {
        Interfaces = [.. Machine.Interfaces.Where(entry => entry.Interface != "tailscale0")],
    };

    [TestMethod]
    [DataRow("tcp://127.0.0.1:11434")]
    [DataRow("tcp://0.0.0.0:11434")]
    [DataRow("[::]:11434")]
    [DataRow("[::1]:11434")]
    [DataRow("11434")]
    [DataRow("localhost:11434")]
    [DataRow("LOCALHOST:11434")]
    [DataRow(":11434")]
    [DataRow("http://fastgate-test-box:11434")]
    [DataRow("http://FastGate-Test-Box.local:11434/v1")]
    [DataRow("https+insecure://localhost:11434")]
    [DataRow("10.0.0.5:11434")]
    [DataRow("http://127.0.0.1:11434/api")]
    public async Task ServeThatReachesOllama_IsFound(string target) =>
        Assert.AreEqual(
            $"Fail \"tailscale serve --tcp=9000\" leads to Ollama at {target}, past the gate | sudo "
                + $"tailscale serve --tcp=9000 off",
            await ServeAsync(Forward(9000, target))
        );

    [TestMethod]
    [DataRow("127.0.0.1:3000")]
    [DataRow("127.0.0.1:1143")]
    [DataRow("http://localhost:114340")]
    [DataRow("10.0.0.99:11434")]
    [DataRow("100.87.6.5:11434", DisplayName = "the gate itself, which applies its rules")]
    [DataRow("http://100.87.6.5:11434/127.0.0.1:11434")]
    [DataRow("unix:/run/127.0.0.1:11434")]
    public async Task ServeThatDoesNotReachOllama_Passes(string target) =>
        Assert.AreEqual(
            "Pass no serve or funnel entry leads to Ollama's port | ",
            await ServeAsync(Forward(9000, target))
        );

    [TestMethod]
    [DataRow("127.0.0.1:3000")]
    [DataRow("100.87.6.5:11434")]
    public async Task ServeOnTheGatesPort_IsFound_WhereverItLeads(string target) =>
        Assert.AreEqual(
            $"Fail \"tailscale serve --tcp=11434\" receives port 11434 before the gate and leads "
                + $"to {target} | sudo tailscale serve --tcp=11434 off",
            await ServeAsync(Forward(11434, target))
        );

    [TestMethod]
    public async Task ForegroundServe_IsFound_AndNotTurnedOffWithTheRest() =>
        Assert.AreEqual(
            "Fail \"tailscale serve --tcp=11434\" receives port 11434 before the gate and leads to "
                + "127.0.0.1:11434 | ps ax | grep -E '[t]ailscale (serve|funnel)'",
            await ServeAsync("{\"Foreground\":{\"a1\":" + Forward(11434, "127.0.0.1:11434") + "}}")
        );

    [TestMethod]
    public async Task SeveralServes_EachHaveTheirFix() =>
        StringAssert.EndsWith(
            await ServeAsync(
                """{"TCP":{"9000":{"TCPForward":"localhost:11434"},"9001":{"TCPForward":"localhost:3000"},"9002":{"TCPForward":"127.0.0.1:11434"}}}"""
            ),
            " | sudo tailscale serve --tcp=9000 off ; sudo tailscale serve --tcp=9002 off"
        );

    [TestMethod]
    [DataRow("{}")]
    [DataRow("null")]
    public async Task NothingServed_Passes(string json) => StringAssert.StartsWith(await ServeAsync(json), "Pass ");

    [TestMethod]
    public async Task ProgramThatPrintsNoJson_IsSkippedWithItsOutput_NotReadAsNothingServed() =>
        Assert.AreEqual(
            "Skip tailscale serve status prints no JSON: The Tailscale GUI failed to start: error 3. | ",
            await ServeAsync(Broken)
        );

    [TestMethod]
    public async Task ProgramThatPrintsNoJson_WithAnAddress_MeansTailscaleRuns()
    {
        Assert.AreEqual(
            "Pass running: tailscale0 has 100.87.6.5 (tailscale status prints no JSON: The Tailscale GUI "
                + "failed to start: error 3.) | ",
            await RunAsync("tailscale-state", Machine, _ => new CommandResult(0, Broken, ""))
        );
        Assert.AreEqual(
            "Pass Tailscale has a network interface (tailscale0) | ",
            await RunAsync("tailscale-interface", Machine, _ => new CommandResult(0, Broken, ""))
        );
    }

    [TestMethod]
    public async Task ProgramThatPrintsNoJson_WithoutAnAddress_IsSkipped() =>
        Assert.AreEqual(
            "Skip tailscale status prints no JSON: The Tailscale GUI failed to start: error 3. | sudo "
                + "systemctl enable --now tailscaled && sudo tailscale up",
            await RunAsync("tailscale-state", WithoutTailscale, _ => new CommandResult(0, Broken, ""))
        );

    [TestMethod]
    public async Task DaemonThatIsDown_IsFound() =>
        Assert.AreEqual(
            $"Fail tailscale status: {Down} | sudo systemctl enable --now tailscaled && sudo tailscale up",
            await RunAsync("tailscale-state", WithoutTailscale, _ => new CommandResult(1, "", Down))
        );

    [TestMethod]
    [DataRow(CommandResult.TimedOut, 1, DisplayName = "a daemon that hangs is queried once")]
    [DataRow(1, 2, DisplayName = "one that is dead is queried once for each command")]
    [DataRow(0, 2, DisplayName = "so is a program without a daemon")]
    public async Task Failure_IsKept(int exitCode, int calls)
    {
        FakeTailscale runner = new(_ => new CommandResult(exitCode, Broken, Down));
        List<string> reports = [];
        await foreach (
            CheckStep step in ExamineAsync(
                WithoutTailscale,
                runner,
                check => check.Id is "gate-listens" || check.Id.StartsWith("tailscale-", StringComparison.Ordinal)
            )
        )
        {
            if (step.Report is { } report)
                reports.Add($"{report.Result.Outcome} {report.Check.Id}");
        }
        Assert.HasCount(calls, runner.Calls, string.Join(", ", runner.Calls));
        Assert.HasCount(7, reports);
        Assert.Contains("Skip tailscale-serve", reports);
    }

    [TestMethod]
    [DataRow("NeedsLogin", "sudo tailscale up")]
    [DataRow("Stopped", "sudo tailscale up")]
    [DataRow("NeedsMachineAuth", "xdg-open https://login.tailscale.com/admin/machines")]
    [DataRow("Starting", "tailscale status")]
    [DataRow("NoState", "tailscale status")]
    public async Task State_HasTheFixThatWorks(string state, string cure)
    {
        string result = await RunAsync(
            "tailscale-state",
            WithoutTailscale,
            _ => new CommandResult(0, LinuxTools.Status(state), "")
        );
        StringAssert.StartsWith(result, "Fail ");
        StringAssert.EndsWith(result, $" | {cure}");
        StringAssert.EndsWith(
            await RunAsync("gate-listens", WithoutTailscale, _ => new CommandResult(0, LinuxTools.Status(state), "")),
            $" | {cure}"
        );
    }

    [TestMethod]
    public async Task UserspaceMode_IsNotFixedByUp()
    {
        string json = LinuxTools.Status(hasInterface: false);
        string listens = await RunAsync("gate-listens", WithoutTailscale, _ => new CommandResult(0, json, ""));
        StringAssert.Contains(listens, "no network interface here (userspace networking)");
        StringAssert.Contains(listens, "/etc/default/tailscaled");
        Assert.DoesNotContain("tailscale up", listens);
        string interfaces = await RunAsync(
            "tailscale-interface",
            WithoutTailscale,
            _ => new CommandResult(0, json, "")
        );
        StringAssert.Contains(interfaces, "without --tun=userspace-networking");
        Assert.AreEqual(
            "Skip Tailscale has no network interface | ",
            await RunAsync("tailscale-ipv4", WithoutTailscale, _ => new CommandResult(0, json, ""))
        );
    }

    [TestMethod]
    public async Task NameThatDoesNotResolve_IsFixedBySet() =>
        StringAssert.EndsWith(
            await RunAsync(
                "tailscale-name",
                Machine,
                _ => new CommandResult(
                    0,
                    LinuxTools
                        .Status()
                        .Replace("\"MagicDNSEnabled\":false", "\"MagicDNSEnabled\":true", StringComparison.Ordinal)
                        .Replace("box.tail1234.ts.net", "fastgate-test.invalid", StringComparison.Ordinal),
                    ""
                )
            ),
            " | sudo tailscale set --accept-dns=true"
        );

    [TestMethod]
    [DataRow("ollama", 4711, "uid 1000", "kill 4711 ; OLLAMA_HOST=127.0.0.1:11434 ollama serve")]
    [DataRow("Ollama", 4711, "root", "sudo kill 4711 ; OLLAMA_HOST=127.0.0.1:11434 ollama serve")]
    [DataRow("ollama", 4711, "uid 998", "sudo kill 4711 ; OLLAMA_HOST=127.0.0.1:11434 ollama serve")]
    [DataRow("tailscaled", 812, "root", "sudo tailscale serve status")]
    [DataRow("systemd", 1, "root", "ss -ltnp 'sport = :11434'")]
    [DataRow("sshd", 700, "root", "ss -ltnp 'sport = :11434'")]
    [DataRow("nginx", 701, "root", "ss -ltnp 'sport = :11434'")]
    [DataRow("ollama-proxy", 702, "uid 1000", "ss -ltnp 'sport = :11434'")]
    [DataRow("", 0, "root", "OLLAMA_HOST=127.0.0.1:11434 ollama serve")]
    public async Task OnlyOllamaItself_IsKilled(string program, int process, string owner, string cure)
    {
        using Home home = new(isMac: false);
        DoctorContext context = Make(home, Machine, new FakeTailscale(_ => new CommandResult(1, "", "")));
        Assert.AreEqual(
            cure,
            await context.Fixes.BindOllamaAsync(
                Probe(context),
                new ListeningSocket(new IPEndPoint(IPAddress.Any, 11434), program, process, owner)
            )
        );
    }

    private static string Forward(int port, string target) =>
        "{\"TCP\":{\"" + port + "\":{\"TCPForward\":\"" + target + "\"}}}";

    private static Task<string> ServeAsync(string json) =>
        RunAsync(
            "tailscale-serve",
            Machine,
            words => new CommandResult(
                0,
                words.StartsWith("serve", StringComparison.Ordinal) ? json : LinuxTools.Status(),
                ""
            )
        );

    private static async Task<string> RunAsync(string id, Machine machine, Func<string, CommandResult> run)
    {
        List<string> results = [];
        await foreach (CheckStep step in ExamineAsync(machine, new FakeTailscale(run), check => check.Id == id))
        {
            if (step.Report is { Result: var result })
                results.Add($"{result.Outcome} {result.Message} | {result.Cure}");
        }
        return results.Single();
    }

    private static async IAsyncEnumerable<CheckStep> ExamineAsync(
        Machine machine,
        FakeTailscale runner,
        Func<DoctorCheck, bool> choose
    )
    {
        using Home home = new(isMac: false);
        DoctorContext context = Make(home, machine, runner);
        await foreach (
            CheckStep step in new CheckRunner(context).RunAsync(
                [.. CheckList.Of(context).Where(choose)],
                CancellationToken.None
            )
        )
            yield return step;
    }

    private static CheckProbe Probe(DoctorContext context) =>
        new(context.Host.Probe, context.Host.Runner, CancellationToken.None);

    private static DoctorContext Make(Home home, Machine machine, ICommandRunner runner)
    {
        HostEnvironment environment = home.HostEnvironment with { Machine = machine, Runner = runner, UserId = 1000 };
        ConfigResult config = Configs.Read("{}", machine: machine);
        return new DoctorContext(
            environment,
            config,
            config.Plan!,
            new DoctorOptions(),
            new IPEndPoint(IPAddress.Loopback, 11434)
        );
    }

    /// <summary>The output of a script in the corpus.</summary>
    private static string Corpus(string name) =>
        File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Corpus", "tailscale", name))
            .Single(text => text.StartsWith("echo ", StringComparison.Ordinal))[5..]
            .Trim('"') + "\n";
}
