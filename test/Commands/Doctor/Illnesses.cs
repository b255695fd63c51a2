using System.Net;
using FastGate.Test.StandIn;

namespace FastGate.Test.Commands.Doctor;

/// <summary>The ways in which real installations break, as far as a test can bring them about.</summary>
internal static class Illnesses
{
    private const string Restart = "systemctl --user enable --now fastgate";
    private const string Bind = "OLLAMA_HOST=127.0.0.1:11434";
    private const string Who = "ss -ltnp 'sport = :11434'";
    private const string EndServe = "sudo tailscale serve --tcp=11434 off";
    private const string Served = "{\"TCP\":{\"11434\":{\"TCPForward\":\"127.0.0.1:11434\"}}}";
    private const string Edit = "${EDITOR:-vi}";
    private const string Update = "https://ollama.com/install.sh";

    private static readonly IPEndPoint Gate = new(IPAddress.Parse(Clinic.Four), Clinic.Port);
    private static readonly IPEndPoint Behind = new(IPAddress.Loopback, 11500);
    private static readonly IPEndPoint Ollama = new(IPAddress.Loopback, Clinic.Port);

    // IPv6 is answered by the gate all along, so that all other checks go on.
    private static readonly string[] BehindFlags =
    [
        "--listen",
        Behind.ToString(),
        "--listen",
        $"[{Clinic.Six}]:{Clinic.Port}",
    ];

    /// <summary>A healthy machine.</summary>
    public static Illness None { get; } = new("none", StartAsync);

    public static IReadOnlyList<Illness> All { get; } =
    [
        new(
            "Ollama on every address, in the place of the gate",
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
            Says = "in the place of the gate",
        },
        new(
            "Ollama on every address, started by hand",
            async clinic =>
            {
                clinic.Say("ollama.service", LinuxTools.NoUnit);
                await clinic.StartOllamaAsync("0.0.0.0");
                clinic.StartGate();
                // The stand-in is no process named ollama, and only such a one is ended.
            },
            ("gate-listens", Who),
            ("ollama-loopback", Who),
            ("ollama-unreachable", Bind),
            ("tailscale-ipv4", Bind)
        ),
        new(
            "a second Ollama on the LAN",
            async clinic =>
            {
                await clinic.StartOllamaAsync(Clinic.Lan);
                await StartAsync(clinic);
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
            "upstream that leads to nobody",
            async clinic =>
            {
                clinic.WriteConfig("\"upstream\": \"127.0.0.1:11999\"");
                await StartAsync(clinic);
            },
            ("ollama-answers", "ollama")
        ),
        new(
            "another program where Ollama should be",
            clinic =>
            {
                clinic.Add(new Stranger(clinic.Network, Ollama));
                clinic.StartGate();
                return Task.CompletedTask;
            },
            ("ollama-answers", "ss -ltnp 'sport = :11434'")
        )
        {
            Says = "is not Ollama",
        },
        new(
            "an Ollama that hangs",
            clinic =>
            {
                clinic.Add(new Stranger(clinic.Network, Ollama, isSilent: true));
                clinic.StartGate();
                return Task.CompletedTask;
            },
            ("ollama-answers", "ss -ltnp 'sport = :11434'")
        )
        {
            Says = "no answer within 5 s",
        },
        new(
            "a proxy before the gate that buffers",
            async clinic =>
            {
                await clinic.StartOllamaAsync();
                clinic.StartGate($"Listening on [{Clinic.Six}]:11434", BehindFlags);
                clinic.Add(new Relay(clinic.Network, Gate, Behind, holdsStreams: true));
            },
            ("stream-unbuffered", "ss -ltnp 'sport = :11434'")
        )
        {
            WithModels = true,
            Says = "before the gate buffers",
        },
        new(
            "a proxy between gate and Ollama that buffers",
            async clinic =>
            {
                clinic.WriteConfig("\"upstream\": \"127.0.0.1:11435\"");
                clinic.Add(
                    new Relay(clinic.Network, new IPEndPoint(IPAddress.Loopback, 11435), Ollama, holdsStreams: true)
                );
                await StartAsync(clinic);
            },
            ("stream-unbuffered", "ss -ltnp 'sport = :11435'")
        )
        {
            WithModels = true,
            Says = "even without the gate",
        },
        new(
            "something slow before the gate",
            async clinic =>
            {
                await clinic.StartOllamaAsync();
                clinic.StartGate($"Listening on [{Clinic.Six}]:11434", BehindFlags);
                clinic.Add(new Relay(clinic.Network, Gate, Behind, delay: TimeSpan.FromMilliseconds(3)));
            },
            ("latency", "uptime")
        )
        {
            Says = "more than 1 ms",
        },
        new(
            "no unit",
            async clinic =>
            {
                clinic.Say("fastgate.service", LinuxTools.NoUnit);
                await StartAsync(clinic);
            },
            ("gate-agent", "fastgate install")
        ),
        new(
            "a unit that does not start",
            async clinic =>
            {
                clinic.Say("fastgate.service", LinuxTools.Failed);
                await clinic.StartOllamaAsync();
            },
            ("gate-agent", "journalctl --user -u fastgate"),
            ("gate-listens", "journalctl --user"),
            ("tailscale-ipv4", "journalctl --user"),
            ("tailscale-ipv6", "journalctl --user")
        )
        {
            Says = "last ended with 2",
        },
        new(
            "a unit that was stopped",
            async clinic =>
            {
                clinic.Say(
                    "fastgate.service",
                    LinuxTools
                        .Unit.Replace("=active", "=inactive", StringComparison.Ordinal)
                        .Replace("=running", "=dead", StringComparison.Ordinal)
                );
                await clinic.StartOllamaAsync();
            },
            ("gate-agent", Restart),
            ("gate-listens", Restart),
            ("tailscale-ipv4", Restart),
            ("tailscale-ipv6", Restart)
        ),
        new(
            "a unit that is not enabled",
            async clinic =>
            {
                clinic.Say(
                    "fastgate.service",
                    LinuxTools.Unit.Replace("=enabled", "=disabled", StringComparison.Ordinal)
                );
                await StartAsync(clinic);
            },
            ("gate-agent", Restart)
        ),
        new(
            "no lingering",
            async clinic =>
            {
                clinic.Say("linger", "Linger=no\n");
                await StartAsync(clinic);
            },
            ("lingering", "loginctl enable-linger")
        ),
        new(
            "Host preserved",
            async clinic =>
            {
                clinic.WriteConfig("\"host\": \"preserve\"");
                await StartAsync(clinic);
            },
            ("host-address", Edit),
            ("host-tailnet", Edit)
        )
        {
            Says = "remove \"host\": \"preserve\"",
        },
        new(
            "every host name",
            async clinic =>
            {
                clinic.WriteConfig("\"hosts\": [\"*\"]");
                await StartAsync(clinic);
            },
            ("host-foreign", Edit)
        ),
        new(
            "another program on the gate's port",
            async clinic =>
            {
                await clinic.StartOllamaAsync();
                clinic.Add(new Stranger(clinic.Network, Gate));
                clinic.StartGate();
            },
            ("gate-listens", "ss -ltnp 'sport = :11434'"),
            ("tailscale-ipv4", "ss -ltnp")
        )
        {
            Says = "another program has 100.101.102.103:11434",
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
            "a model that answers nonsense",
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
            "a rule that is too wide",
            async clinic =>
            {
                clinic.WriteConfig("\"allow\": [\"@seed\", \"POST /api/{any}\"]");
                await StartAsync(clinic);
            },
            [
                .. (
                    (string[])
                        [
                            "rules",
                            "refuses-api-pull",
                            "refuses-api-push",
                            "refuses-api-create",
                            "refuses-api-copy",
                            "refuses-api-signout",
                            "refuses-api-me",
                        ]
                ).Select(id => (id, Edit)),
            ]
        ),
        new(
            "a gate with wider rules than its config",
            async clinic =>
            {
                await clinic.StartOllamaAsync();
                clinic.StartGate($"Listening on [{Clinic.Six}]:11434", "--allow", "@seed", "--allow", "POST /api/pull");
            },
            ("refuses-api-pull", "systemctl --user restart fastgate"),
            ("refuses-second", "systemctl --user restart fastgate")
        )
        {
            Says = "is not refused by FastGate: 200",
        },
        new(
            "a gate with narrower rules than its config",
            async clinic =>
            {
                await clinic.StartOllamaAsync();
                clinic.StartGate(
                    $"Listening on [{Clinic.Six}]:11434",
                    "--allow",
                    "GET /api/version",
                    "--allow",
                    "POST /v1/messages",
                    "--allow",
                    "@codex"
                );
            },
            ("ollama-show", "check"),
            ("openai-model", "check"),
            ("openai-missing-model", "systemctl --user restart fastgate")
        )
        {
            Says = "it runs with other rules",
        },
        new(
            "a config with a mistake",
            async clinic =>
            {
                await StartAsync(clinic);
                File.WriteAllText(clinic.Config, "{ \"alow\": [] }");
            },
            ("config", "fastgate check --config")
        ),
        new(
            "OLLAMA_HOST that lets others in",
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
                await StartAsync(clinic);
            },
            ("ollama-host", Bind)
        ),
        new(
            "Tailscale that is not logged in",
            async clinic =>
            {
                clinic.Say("tailscale.json", LinuxTools.Status("NeedsLogin"));
                await clinic.StartOllamaAsync();
                clinic.StartGate("There is no address for tailscale:11434 yet");
            },
            ("gate-listens", "sudo tailscale up"),
            ("tailscale-state", "sudo tailscale up")
        )
        {
            WithTailscale = false,
        },
        new(
            "Tailscale without an interface",
            async clinic =>
            {
                clinic.Say("tailscale.json", LinuxTools.Status(hasInterface: false));
                await StartAsync(clinic);
            },
            ("tailscale-interface", "/etc/default/tailscaled")
        ),
        new(
            "tailscale serve past the gate",
            async clinic =>
            {
                clinic.Say(
                    "serve.json",
                    "{\"TCP\":{\"443\":{\"HTTPS\":true}},\"Web\":{\"box.tail1234.ts.net:443\":{\"Handlers\":{\"/\":{\"Proxy\":\"http://127.0.0.1:11434\"}}}}}"
                );
                await StartAsync(clinic);
            },
            ("tailscale-serve", "sudo tailscale serve --https=443 off")
        )
        {
            Says = "past the gate",
        },
        new(
            "tailscale serve on the gate's port, set while the gate runs",
            async clinic =>
            {
                await StartAsync(clinic);
                clinic.Say("serve.json", Served);
            },
            ("tailscale-serve", EndServe)
        )
        {
            Says = "takes port 11434 before the gate",
        },
        new(
            "tailscale serve on the gate's port, set before the gate started",
            async clinic =>
            {
                await clinic.StartOllamaAsync();
                clinic.Say("serve.json", Served);
                clinic.Add(new Relay(clinic.Network, Gate, Ollama));
                clinic.StartGate();
            },
            ("gate-listens", EndServe),
            ("ollama-unreachable", EndServe),
            ("tailscale-serve", EndServe),
            ("tailscale-ipv4", EndServe)
        )
        {
            Says = "Tailscale has 100.101.102.103:11434",
        },
        new(
            "tailscale serve without a gate",
            async clinic =>
            {
                await clinic.StartOllamaAsync();
                clinic.WriteConfig("\"listen\": \"192.168.77.1:11434\"");
                clinic.Say("serve.json", Served);
                clinic.Add(new Relay(clinic.Network, Gate, Ollama));
                clinic.StartGate("Listening on 192.168.77.1:11434");
            },
            ("ollama-loopback", EndServe),
            ("ollama-unreachable", EndServe),
            ("tailscale-serve", EndServe)
        ),
    ];

    private static async Task StartAsync(Clinic clinic)
    {
        await clinic.StartOllamaAsync();
        clinic.StartGate();
    }
}
