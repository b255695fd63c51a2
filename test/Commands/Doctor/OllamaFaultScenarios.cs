using System.Net;
using FastGate.Test.StandIn;

namespace FastGate.Test.Commands.Doctor;

/// <summary>Faults of Ollama itself, or of what runs in its place.</summary>
internal static class OllamaFaultScenarios
{
    private const string Bind = "OLLAMA_HOST=127.0.0.1:11434";
    private const string Listeners = "ss -ltnp 'sport = :11434'";
    private const string Update = "https://ollama.com/install.sh";

    private static readonly IPEndPoint Ollama = new(IPAddress.Loopback, DoctorHarness.Port);

    public static IReadOnlyList<FaultScenario> All { get; } =
    [
        new(
            "Ollama on every address, in place of the gate",
            async harness =>
            {
                await harness.StartOllamaAsync("0.0.0.0");
                harness.StartGate();
            },
            ("gate-listens", "systemctl restart ollama"),
            ("ollama-loopback", "systemctl restart ollama"),
            ("ollama-unreachable", Bind),
            ("tailscale-ipv4", Bind)
        )
        {
            Message = "in place of the gate",
        },
        new(
            "Ollama on every address, started by hand",
            async harness =>
            {
                harness.SetOutput("ollama.service", LinuxTools.NoUnit);
                await harness.StartOllamaAsync("0.0.0.0");
                harness.StartGate();
                // The stand-in is not a process named ollama, and doctor has only such a process killed.
            },
            ("gate-listens", Listeners),
            ("ollama-loopback", Listeners),
            ("ollama-unreachable", Bind),
            ("tailscale-ipv4", Bind)
        ),
        new(
            "a second Ollama on the LAN",
            async harness =>
            {
                await harness.StartOllamaAsync(DoctorHarness.Lan);
                await harness.StartAsync();
            },
            ("ollama-loopback", Bind),
            ("ollama-unreachable", Bind)
        )
        {
            Message = "192.168.77.1:11434",
        },
        new(
            "no Ollama",
            harness =>
            {
                harness.SetOutput(
                    "ollama.service",
                    LinuxTools
                        .Unit.Replace("=active", "=inactive", StringComparison.Ordinal)
                        .Replace("=running", "=dead", StringComparison.Ordinal)
                );
                harness.StartGate();
                return Task.CompletedTask;
            },
            ("ollama-agent", "sudo systemctl enable --now ollama"),
            ("ollama-answers", "sudo systemctl enable --now ollama")
        ),
        new(
            "an upstream address that nothing listens on",
            async harness =>
            {
                harness.WriteConfig("\"upstream\": \"127.0.0.1:11999\"");
                await harness.StartAsync();
            },
            ("ollama-answers", "ollama")
        ),
        new(
            "another program where Ollama should be",
            harness =>
            {
                harness.Add(new OtherProgram(harness.Network, Ollama));
                harness.StartGate();
                return Task.CompletedTask;
            },
            ("ollama-answers", Listeners)
        )
        {
            Message = "is not Ollama",
        },
        new(
            "an Ollama that hangs",
            harness =>
            {
                harness.Add(new OtherProgram(harness.Network, Ollama, isSilent: true));
                harness.StartGate();
                return Task.CompletedTask;
            },
            ("ollama-answers", Listeners)
        )
        {
            Message = "no response within 5 s",
        },
        new(
            "an Ollama that is too old for Anthropic",
            async harness =>
            {
                StandInOllama ollama = await harness.StartOllamaAsync();
                ollama.Overrides["/v1/messages"] = (404, "404 page not found");
                harness.StartGate();
            },
            ("anthropic-missing-model", Update)
        )
        {
            WithModels = true,
            Message = "has no POST /v1/messages",
        },
        new(
            "an Ollama that is too old for responses",
            async harness =>
            {
                StandInOllama ollama = await harness.StartOllamaAsync();
                ollama.Overrides["/v1/responses"] = (404, "404 page not found");
                harness.StartGate();
            },
            ("openai-responses", Update)
        )
        {
            WithModels = true,
        },
        new(
            "an Ollama that responds with nonsense",
            async harness =>
            {
                StandInOllama ollama = await harness.StartOllamaAsync();
                ollama.Overrides["/v1/messages"] = (200, "{}");
                harness.StartGate();
            },
            [
                .. ((string[])["missing-model", "messages", "stream", "usage", "system", "turns"]).Select(id =>
                    ($"anthropic-{id}", "journalctl -u ollama")
                ),
            ]
        )
        {
            WithModels = true,
        },
        new(
            "an OLLAMA_HOST that exposes Ollama",
            async harness =>
            {
                harness.SetOutput(
                    "ollama.service",
                    LinuxTools.Unit.Replace(
                        "Environment=",
                        "Environment=PATH=/bin OLLAMA_HOST=0.0.0.0",
                        StringComparison.Ordinal
                    )
                );
                await harness.StartAsync();
            },
            ("ollama-host", Bind)
        ),
    ];
}
