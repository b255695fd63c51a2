using System.Net;
using FastGate.Commands.Doctor;
using FastGate.Commands.Install;
using FastGate.Config;
using FastGate.Host;
using FastGate.Test.Config;
using FastGate.Test.Support;

namespace FastGate.Test.Commands.Install;

[TestClass]
public sealed class VerificationTests
{
    private static readonly IPEndPoint Ollama = new(IPAddress.Loopback, 11434);
    private static readonly IPEndPoint Gate = new(IPAddress.Parse("100.87.6.5"), 11434);
    private static readonly IPEndPoint Lan = new(IPAddress.Parse("10.0.0.5"), 11434);
    private static readonly ProbeResponse Slow = FakeProbe.Ollama with { Took = TimeSpan.FromMilliseconds(3) };

    [TestMethod]
    public Task HealthyInstallation_Passes() =>
        CheckAsync(
            """
            Pass version 0.12.0 responds at 127.0.0.1:11434
            Pass Ollama does not respond at 10.0.0.5, 100.87.6.5
            Pass FastGate responds at 100.87.6.5:11434
            Pass POST /api/pull is refused at 100.87.6.5:11434, in 22 spellings
            Pass GET /api/version is forwarded at 100.87.6.5:11434: {"version":"0.12.0"}
            Pass the gate adds 0.000 ms (p50), 0.000 ms (p99); 500 requests each way
            """,
            (to, request) =>
                to.Equals(Ollama) ? FakeProbe.Ollama
                : to.Equals(Gate) ? Through(request, FakeProbe.Ollama)
                : null
        );

    /// <summary>The checks that <c>install</c> makes are doctor's: both have the same results.</summary>
    [TestMethod]
    public void Checks_AreDoctorsOwn()
    {
        using Home home = new(isMac: false);
        ConfigResult config = Configs.Read("{}");
        DoctorContext context = new(home.HostEnvironment, config, config.Plan!, new DoctorOptions(), Ollama);
        string[] all = [.. CheckList.Of(context).Select(check => check.Id)];
        foreach (DoctorCheck check in CheckList.OfInstallation(context))
            Assert.Contains(check.Id, all);
    }

    [TestMethod]
    public Task OllamaOnTheLan_Fails() =>
        CheckAsync(
            """
            Pass version 0.12.0 responds at 127.0.0.1:11434
            Fail Ollama responds at 10.0.0.5:11434, past the gate
            Pass FastGate responds at 100.87.6.5:11434
            Pass POST /api/pull is refused at 100.87.6.5:11434, in 22 spellings
            Pass GET /api/version is forwarded at 100.87.6.5:11434: {"version":"0.12.0"}
            Pass the gate adds 0.000 ms (p50), 0.000 ms (p99); 500 requests each way
            """,
            (to, request) => to.Equals(Gate) ? Through(request, FakeProbe.Ollama) : FakeProbe.Ollama
        );

    [TestMethod]
    public Task OllamaInThePlaceOfTheGate_Fails() =>
        CheckAsync(
            """
            Pass version 0.12.0 responds at 127.0.0.1:11434
            Fail Ollama responds at 100.87.6.5:11434, past the gate
            Fail Ollama itself responds at 100.87.6.5:11434, in place of the gate
            """,
            (to, _) => to.Equals(Lan) ? null : FakeProbe.Ollama
        );

    [TestMethod]
    public Task AnotherGatesRefusal_Fails() =>
        CheckAsync(
            """
            Pass version 0.12.0 responds at 127.0.0.1:11434
            Pass Ollama does not respond at 10.0.0.5, 100.87.6.5
            Fail another program uses 100.87.6.5:11434: 403 Request forbidden
            """,
            (to, _) =>
                to.Equals(Ollama) ? FakeProbe.Ollama
                : to.Equals(Gate) ? FakeProbe.Refusal with { Content = "Request forbidden" }
                : null
        );

    [TestMethod]
    public Task NoOllama_Fails_AndTheGateIsStillChecked() =>
        CheckAsync(
            """
            Fail nothing responds at 127.0.0.1:11434: connection refused
            Pass Ollama does not respond at 10.0.0.5, 100.87.6.5
            Pass FastGate responds at 100.87.6.5:11434
            Pass POST /api/pull is refused at 100.87.6.5:11434, in 22 spellings
            """,
            (to, _) => to.Equals(Gate) ? FakeProbe.Refusal : null
        );

    [TestMethod]
    public Task NoGate_Fails() =>
        CheckAsync(
            """
            Pass version 0.12.0 responds at 127.0.0.1:11434
            Pass Ollama does not respond at 10.0.0.5, 100.87.6.5
            Fail nothing listens on 100.87.6.5:11434
            """,
            (to, _) => to.Equals(Ollama) ? FakeProbe.Ollama : null
        );

    [TestMethod]
    public Task SlowGate_Fails() =>
        CheckAsync(
            """
            Pass version 0.12.0 responds at 127.0.0.1:11434
            Pass Ollama does not respond at 10.0.0.5, 100.87.6.5
            Pass FastGate responds at 100.87.6.5:11434
            Pass POST /api/pull is refused at 100.87.6.5:11434, in 22 spellings
            Pass GET /api/version is forwarded at 100.87.6.5:11434: {"version":"0.12.0"}
            Fail the gate adds 2.950 ms (p50), 2.950 ms (p99); 500 requests each way: more than 1 ms
            """,
            (to, request) =>
                to.Equals(Ollama) ? FakeProbe.Ollama
                : to.Equals(Gate) ? Through(request, Slow)
                : null
        );

    [TestMethod]
    public Task NoTailscaleYet_IsSkipped() =>
        CheckAsync(
            """
            Pass version 0.12.0 responds at 127.0.0.1:11434
            Pass Ollama does not respond at 10.0.0.5
            Skip this machine has no Tailscale address yet; FastGate waits for one
            """,
            (to, _) => to.Equals(Ollama) ? FakeProbe.Ollama : null,
            machine: Configs.Machine with
            {
                Interfaces = [.. Configs.Machine.Interfaces.Where(entry => entry.Interface != "tailscale0")],
            }
        );

    [TestMethod]
    public Task FromThatExcludesThisMachine_IsSkipped() =>
        CheckAsync(
            """
            Pass version 0.12.0 responds at 127.0.0.1:11434
            Pass Ollama does not respond at 10.0.0.5, 100.87.6.5
            Skip the gate closes this machine's own connections to 100.87.6.5:11434, because "from" does not list 100.87.6.5; no check can reach it from here
            """,
            (to, _) =>
                to.Equals(Ollama) ? FakeProbe.Ollama
                : to.Equals(Gate) ? new ProbeResponse { Problem = "closed the connection without a response" }
                : null,
            config: "{ \"from\": [\"100.64.0.9\"] }"
        );

    [TestMethod]
    public Task AllowlistThatOpensPull_IsCheckedByWhatItRefuses() =>
        CheckAsync(
            """
            Pass version 0.12.0 responds at 127.0.0.1:11434
            Pass Ollama does not respond at 10.0.0.5, 100.87.6.5
            Pass FastGate responds at 100.87.6.5:11434
            Pass POST /api/push is refused at 100.87.6.5:11434, in 22 spellings
            Skip the rules allow no read-only request to send
            Skip the rules allow no read-only request to send
            """,
            (to, _) =>
                to.Equals(Ollama) ? FakeProbe.Ollama
                : to.Equals(Gate) ? FakeProbe.Refusal
                : null,
            config: "{ \"allow\": [\"POST /api/pull\"] }"
        );

    private static ProbeResponse Through(string request, ProbeResponse response) =>
        request == "GET /api/version" ? response : FakeProbe.Refusal;

    private static async Task CheckAsync(
        string expected,
        Func<IPEndPoint, string, ProbeResponse?> respond,
        string config = "{}",
        Machine? machine = null
    )
    {
        using Home home = new(isMac: false);
        HostEnvironment environment = home.HostEnvironment with
        {
            Machine = machine ?? Configs.Machine,
            Probe = new FakeProbe(respond),
            Time = new TestTimeProvider { SkipsWaits = true },
        };
        List<string> lines = [];
        ConfigResult read = Configs.Read(config, machine: environment.Machine);
        await foreach (CheckResult result in new Verification(environment, read, read.Plan!).RunAsync())
            lines.Add($"{result.Outcome} {result.Message}");
        Assert.AreEqual(expected.ReplaceLineEndings("\n"), string.Join('\n', lines));
    }
}
