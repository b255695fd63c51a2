using System.Net;
using FastGate.Test.StandIn;

namespace FastGate.Test.Commands.Doctor;

/// <summary>Faults of Ollama itself, or of what runs in its place.</summary>
internal static class OllamaIllnesses
{
    private const string Bind = "OLLAMA_HOST=127.0.0.1:11434";
    private const string Listeners = "ss -ltnp 'sport = :11434'";
    private const string Update = "https://ollama.com/install.sh";

    private static readonly IPEndPoint Ollama = new(IPAddress.Loopback, Clinic.Port);

    public static IReadOnlyList<Illness> All { get; } =
    [
        new(
            "Ollama on every address, in place of the gate",
            async clinic =>
            {
                await clinic.StartOllamaAsync("0.0.0.0");
                clinic.StartGate();
            },
            ("gate-listens", "systemctl restart ollama"),
            ("ollama-loopback", "systemctl restart ollama"),
            ("ollama-unreachable", Bind),
            ("tailscale-ipv4", Bind)
        )
        {
            Says = "in place of the gate",
        },
        new(
            "Ollama on every address, started by hand",
            async clinic =>
            {
                clinic.Say("ollama.service", LinuxTools.NoUnit);
                await clinic.StartOllamaAsync("0.0.0.0");
                clinic.StartGate();
                // The stand-in is not a process named ollama, and doctor has only such a process killed.
            },
            ("gate-listens", Listeners),
            ("ollama-loopback", Listeners),
            ("ollama-unreachable", Bind),
            ("tailscale-ipv4", Bind)
        ),
        new(
            "a second Ollama on the LAN",
            async clinic =>
            {
                await clinic.StartOllamaAsync(Clinic.Lan);
                await clinic.StartAsync();
            },
            ("ollama-loopback", Bind),
            ("ollama-unreachable", Bind)
        )
        {
            Says = "192.168.77.1:11434",
        },
        new(
            "no Ollama",
            clinic =>
            {
                clinic.Say(
                    "ollama.service",
                    LinuxTools
                        .Unit.Replace("=active", "=inactive", StringComparison.Ordinal)
                        .Replace("=running", "=dead", StringComparison.Ordinal)
                );
                clinic.StartGate();
                return Task.CompletedTask;
            },
            ("ollama-agent", "sudo systemctl enable --now ollama"),
            ("ollama-answers", "sudo systemctl enable --now ollama")
        ),
        new(
            "an upstream address that nothing listens on",
            async clinic =>
            {
                clinic.WriteConfig("\"upstream\": \"127.0.0.1:11999\"");
                await clinic.StartAsync();
            },
            ("ollama-answers", "ollama")
        ),
        new(
            "another program where Ollama should be",
            clinic =>
            {
                clinic.Add(new OtherProgram(clinic.Network, Ollama));
                clinic.StartGate();
                return Task.CompletedTask;
            },
            ("ollama-answers", Listeners)
        )
        {
            Says = "is not Ollama",
        },
        new(
            "an Ollama that hangs",
            clinic =>
            {
                clinic.Add(new OtherProgram(clinic.Network, Ollama, isSilent: true));
                clinic.StartGate();
                return Task.CompletedTask;
            },
            ("ollama-answers", Listeners)
        )
        {
            Says = "no response within 5 s",
        },
        new(
            "an Ollama that is too old for Anthropic",
            async clinic =>
            {
                StandInOllama ollama = await clinic.StartOllamaAsync();
                ollama.Instead["/v1/messages"] = (404, "404 page not found");
                clinic.StartGate();
            },
            ("anthropic-missing-model", Update)
        )
        {
            WithModels = true,
            Says = "has no POST /v1/messages",
        },
        new(
            "an Ollama that is too old for responses",
            async clinic =>
            {
                StandInOllama ollama = await clinic.StartOllamaAsync();
                ollama.Instead["/v1/responses"] = (404, "404 page not found");
                clinic.StartGate();
            },
            ("openai-responses", Update)
        )
        {
            WithModels = true,
        },
        new(
            "an Ollama that responds with nonsense",
            async clinic =>
            {
                StandInOllama ollama = await clinic.StartOllamaAsync();
                ollama.Instead["/v1/messages"] = (200, "{}");
                clinic.StartGate();
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
            async clinic =>
            {
                clinic.Say(
                    "ollama.service",
                    LinuxTools.Unit.Replace(
                        "Environment=",
                        "Environment=PATH=/bin OLLAMA_HOST=0.0.0.0",
                        StringComparison.Ordinal
                    )
                );
                await clinic.StartAsync();
            },
            ("ollama-host", Bind)
        ),
    ];
}
