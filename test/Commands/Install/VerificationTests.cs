using System.Net;
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
    private static readonly ProbeAnswer Slow = FakeProbe.Ollama with { Took = TimeSpan.FromMilliseconds(3) };

    [TestMethod]
    public Task HealthyInstallation_Passes() =>
        CheckAsync(
            """
            Pass Ollama answers at 127.0.0.1:11434
            Pass Ollama is reached on loopback only (asked 1 other addresses)
            Pass POST /api/pull is refused at 100.87.6.5:11434
            Pass GET /api/version comes through 100.87.6.5:11434; it adds 0.000 ms (median of 200)
            """,
            (to, asked) =>
                to.Equals(Ollama) ? FakeProbe.Ollama
                : to.Equals(Gate) ? Through(asked, FakeProbe.Ollama)
                : null
        );

    [TestMethod]
    public Task OllamaOnTheLan_Fails() =>
        CheckAsync(
            """
            Pass Ollama answers at 127.0.0.1:11434
            Fail Ollama can be reached at 10.0.0.5:11434, past the gate: set OLLAMA_HOST=127.0.0.1:11434 where it is started, and restart it
            Pass POST /api/pull is refused at 100.87.6.5:11434
            Pass GET /api/version comes through 100.87.6.5:11434; it adds 0.000 ms (median of 200)
            """,
            (to, asked) => to.Equals(Gate) ? Through(asked, FakeProbe.Ollama) : FakeProbe.Ollama
        );

    [TestMethod]
    public Task OllamaInThePlaceOfTheGate_Fails() =>
        CheckAsync(
            """
            Pass Ollama answers at 127.0.0.1:11434
            Pass Ollama is reached on loopback only (asked 1 other addresses)
            Fail POST /api/pull at 100.87.6.5:11434 is answered 200, not by FastGate: another program has the port
            """,
            (to, _) => to.Equals(Lan) ? null : FakeProbe.Ollama
        );

    [TestMethod]
    public Task AnotherGatesRefusal_Fails() =>
        CheckAsync(
            """
            Pass Ollama answers at 127.0.0.1:11434
            Pass Ollama is reached on loopback only (asked 1 other addresses)
            Fail POST /api/pull at 100.87.6.5:11434 is answered 403, not by FastGate: another program has the port
            """,
            (to, _) =>
                to.Equals(Ollama) ? FakeProbe.Ollama
                : to.Equals(Gate) ? FakeProbe.Refusal with { Content = "Request forbidden" }
                : null
        );

    [TestMethod]
    public Task NoOllama_Fails_AndTheGateIsAskedNonetheless() =>
        CheckAsync(
            """
            Fail Ollama does not answer at 127.0.0.1:11434: start it (ollama serve), or correct "upstream" in the config
            Pass Ollama is reached on loopback only (asked 1 other addresses)
            Pass POST /api/pull is refused at 100.87.6.5:11434
            """,
            (to, _) => to.Equals(Gate) ? FakeProbe.Refusal : null
        );

    [TestMethod]
    public Task NoGate_Fails() =>
        CheckAsync(
            """
            Pass Ollama answers at 127.0.0.1:11434
            Pass Ollama is reached on loopback only (asked 1 other addresses)
            Fail nobody answers at 100.87.6.5:11434: the log says why (README, "When something is wrong")
            """,
            (to, _) => to.Equals(Ollama) ? FakeProbe.Ollama : null
        );

    [TestMethod]
    public Task SlowGate_Fails() =>
        CheckAsync(
            """
            Pass Ollama answers at 127.0.0.1:11434
            Pass Ollama is reached on loopback only (asked 1 other addresses)
            Pass POST /api/pull is refused at 100.87.6.5:11434
            Fail GET /api/version comes through 100.87.6.5:11434; it adds 2.950 ms (median of 200)
            """,
            (to, asked) =>
                to.Equals(Ollama) ? FakeProbe.Ollama
                : to.Equals(Gate) ? Through(asked, Slow)
                : null
        );

    [TestMethod]
    public Task NoTailscaleYet_IsSkipped() =>
        CheckAsync(
            """
            Pass Ollama answers at 127.0.0.1:11434
            Pass Ollama is reached on loopback only (asked 1 other addresses)
            Skip tailscale:11434: there is no such address yet; FastGate waits for it (sudo tailscale up)
            """,
            (to, _) => to.Equals(Ollama) ? FakeProbe.Ollama : null,
            machine: Configs.Machine with
            {
                Interfaces = [.. Configs.Machine.Interfaces.Where(each => each.Interface != "tailscale0")],
            }
        );

    [TestMethod]
    public Task FromThatLeavesThisMachineOut_IsSkipped() =>
        CheckAsync(
            """
            Pass Ollama answers at 127.0.0.1:11434
            Pass Ollama is reached on loopback only (asked 1 other addresses)
            Skip 100.87.6.5:11434: "from" does not list this machine, so it cannot be asked from here
            """,
            (to, _) => to.Equals(Ollama) ? FakeProbe.Ollama : null,
            config: "{ \"from\": [\"100.64.0.9\"] }"
        );

    [TestMethod]
    public Task AllowlistThatOpensPull_IsAskedForWhatItRefuses() =>
        CheckAsync(
            """
            Pass Ollama answers at 127.0.0.1:11434
            Pass Ollama is reached on loopback only (asked 1 other addresses)
            Pass POST /api/push is refused at 100.87.6.5:11434
            """,
            (to, _) =>
                to.Equals(Ollama) ? FakeProbe.Ollama
                : to.Equals(Gate) ? FakeProbe.Refusal
                : null,
            config: "{ \"allow\": [\"POST /api/pull\"] }"
        );

    private static ProbeAnswer Through(string asked, ProbeAnswer answer) =>
        asked == "GET /api/version" ? answer : FakeProbe.Refusal;

    private static async Task CheckAsync(
        string expected,
        Func<IPEndPoint, string, ProbeAnswer?> answer,
        string config = "{}",
        Machine? machine = null
    )
    {
        using Home home = new(isMac: false);
        HostEnvironment site = home.HostEnvironment with
        {
            Machine = machine ?? Configs.Machine,
            Probe = new FakeProbe(answer),
            Time = new SkippingTime(),
        };
        List<string> lines = [];
        await foreach (
            VerificationReport report in new Verification(site, Configs.Plan(config, machine: site.Machine)).RunAsync()
        )
            lines.Add($"{report.Outcome} {report.Message}");
        Assert.AreEqual(expected.ReplaceLineEndings("\n"), string.Join('\n', lines));
    }
}
