using System.Net;

namespace FastGate.Test.Commands.Doctor;

/// <summary>Faults of the gate: its unit, its config, its rules and its port.</summary>
internal static class GateIllnesses
{
    private const string Restart = "systemctl --user enable --now fastgate";
    private const string Listeners = "ss -ltnp 'sport = :11434'";
    private const string Edit = "${EDITOR:-vi}";

    private static readonly IPEndPoint Gate = new(IPAddress.Parse(Clinic.Four), Clinic.Port);

    public static IReadOnlyList<Illness> All { get; } =
    [
        new(
            "no unit",
            async clinic =>
            {
                clinic.Say("fastgate.service", LinuxTools.NoUnit);
                await clinic.StartAsync();
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
            Says = "last exit 2",
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
                await clinic.StartAsync();
            },
            ("gate-agent", Restart)
        ),
        new(
            "no lingering",
            async clinic =>
            {
                clinic.Say("linger", "Linger=no\n");
                await clinic.StartAsync();
            },
            ("lingering", "loginctl enable-linger")
        ),
        new(
            "the client's Host field preserved",
            async clinic =>
            {
                clinic.WriteConfig("\"host\": \"preserve\"");
                await clinic.StartAsync();
            },
            ("host-address", Edit),
            ("host-tailnet", Edit)
        )
        {
            Says = "remove \"host\": \"preserve\"",
        },
        new(
            "every host name accepted",
            async clinic =>
            {
                clinic.WriteConfig("\"hosts\": [\"*\"]");
                await clinic.StartAsync();
            },
            ("host-foreign", Edit)
        ),
        new(
            "another program on the gate's port",
            async clinic =>
            {
                await clinic.StartOllamaAsync();
                clinic.Add(new OtherProgram(clinic.Network, Gate));
                clinic.StartGate();
            },
            ("gate-listens", Listeners),
            ("tailscale-ipv4", "ss -ltnp")
        )
        {
            Says = "another program uses 100.101.102.103:11434",
        },
        new(
            "a rule that is too wide",
            async clinic =>
            {
                clinic.WriteConfig("\"allow\": [\"@seed\", \"POST /api/{any}\"]");
                await clinic.StartAsync();
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
            Says = "FastGate does not refuse POST /api/pull: 200",
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
            Says = "it is running with other rules",
        },
        new(
            "a config with a mistake",
            async clinic =>
            {
                await clinic.StartAsync();
                File.WriteAllText(clinic.Config, "{ \"alow\": [] }");
            },
            ("config", "fastgate check --config")
        ),
    ];
}
