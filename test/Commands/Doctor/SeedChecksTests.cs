using System.Net;
using FastGate.Commands.Doctor;
using FastGate.Config;
using FastGate.Test.Commands.Install;
using FastGate.Test.Config;

namespace FastGate.Test.Commands.Doctor;

/// <summary>Doctor has every check of the test scripts of the set-ups that FastGate replaces.</summary>
[TestClass]
public sealed class SeedChecksTests
{
    private static readonly (string Seed, string Ids)[] Seeds =
    [
        ("the proxy's agent is loaded and runs", "gate-agent"),
        ("the proxy listens on the Tailscale interface", "gate-listens tailscale-ipv4"),
        ("Ollama's agent is loaded and runs", "ollama-agent"),
        ("Ollama's process runs as the user, not as root", "ollama-owner"),
        ("Ollama is bound to loopback only", "ollama-loopback"),
        ("Ollama listens on its port", "ollama-loopback ollama-answers"),
        ("Ollama answers over HTTP", "ollama-answers"),
        ("Ollama is unreachable from the Tailscale address", "ollama-unreachable"),
        ("the proxy forwards allowed paths", "forwards-allowed ollama-version ollama-tags ollama-show"),
        (
            "other paths are blocked: unknown, pull, push, create, copy, delete",
            "refuses-unknown refuses-api-pull refuses-api-push refuses-api-create refuses-api-copy refuses-api-delete"
        ),
        ("GET /v1/models", "openai-models"),
        ("GET /v1/models/{model}", "openai-model"),
        ("POST /v1/chat/completions, whole", "openai-chat"),
        ("POST /v1/chat/completions, streamed", "openai-chat-stream"),
        ("POST /v1/chat/completions, JSON", "openai-chat-json"),
        ("POST /v1/responses", "openai-responses"),
        ("errors of the OpenAI API", "openai-missing-model"),
        ("POST /v1/messages, whole", "anthropic-messages"),
        ("POST /v1/messages, streamed, the sequence of events", "anthropic-stream"),
        ("POST /v1/messages, a system prompt", "anthropic-system"),
        ("POST /v1/messages, a model that is not there", "anthropic-missing-model"),
        ("POST /v1/messages, several turns", "anthropic-turns"),
        ("POST /v1/messages, usage in the stream", "anthropic-usage"),
        ("the added time is below 1 ms", "latency"),
        ("streams are not buffered", "stream-unbuffered stream-gap stream-delay"),
        ("process owners", "ollama-owner"),
        ("log files", "access-log"),
        ("property lists", "gate-agent-file"),
        ("OLLAMA_HOST", "ollama-host"),
        ("the proxy's configuration is valid", "config"),
        ("bound to the one address that it should be", "gate-listens tailscale-ipv4 tailscale-ipv6"),
        ("the address is there and stays", "tailscale-state tailscale-interface"),
        ("the client's name for the machine", "host-short host-tailnet tailscale-name"),
        ("the port is not another program's", "gate-listens"),
    ];

    [TestMethod]
    public void EveryCheckOfTheSeeds_Exists()
    {
        string[] all = [.. Checks(isMac: true).Concat(Checks(isMac: false)).Select(check => check.Id)];
        foreach ((string seed, string ids) in Seeds)
        {
            foreach (string id in ids.Split(' '))
                Assert.Contains(id, all, seed);
        }
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Checks_HaveUniqueIds_AndAreGrouped(bool isMac)
    {
        IReadOnlyList<DoctorCheck> checks = Checks(isMac);
        Assert.HasCount(checks.Count, checks.Select(check => check.Id).Distinct());
        Assert.AreEqual(
            string.Join(' ', checks.Select(check => check.Group).Order()),
            string.Join(' ', checks.Select(check => check.Group))
        );
        Assert.IsTrue(
            checks.All(check => check.Title.Length is > 0 and <= 21),
            string.Join(", ", checks.Where(check => check.Title.Length > 21).Select(check => check.Title))
        );
    }

    private static IReadOnlyList<DoctorCheck> Checks(bool isMac)
    {
        using Home home = new(isMac);
        ConfigResult config = Configs.Read("{}");
        return CheckList.Of(
            new DoctorContext(
                home.HostEnvironment,
                config,
                config.Plan!,
                new DoctorOptions(),
                new IPEndPoint(IPAddress.Loopback, 11434)
            )
        );
    }
}
