using System.Net;

namespace FastGate.Test.Commands.Doctor;

/// <summary>Faults of the gate: its unit, its config, its rules and its port.</summary>
internal static class GateFaultScenarios
{
    private const string Restart = "systemctl --user enable --now fastgate";
    private const string Listeners = "ss -ltnp 'sport = :11434'";
    private const string Edit = "${EDITOR:-vi}";

    private static readonly IPEndPoint Gate = new(IPAddress.Parse(DoctorHarness.Four), DoctorHarness.Port);

    public static IReadOnlyList<FaultScenario> All { get; } =
    [
        new(
            "no unit",
            async harness =>
            {
                harness.SetOutput("fastgate.service", LinuxTools.NoUnit);
                await harness.StartAsync();
            },
            ("gate-agent", "fastgate install")
        ),
        new(
            "a unit that does not start",
            async harness =>
            {
                harness.SetOutput("fastgate.service", LinuxTools.Failed);
                await harness.StartOllamaAsync();
            },
            ("gate-agent", "journalctl --user -u fastgate"),
            ("gate-listens", "journalctl --user"),
            ("tailscale-ipv4", "journalctl --user"),
            ("tailscale-ipv6", "journalctl --user")
        )
        {
            Message = "last exit 2",
        },
        new(
            "a unit that was stopped",
            async harness =>
            {
                harness.SetOutput(
                    "fastgate.service",
                    LinuxTools
                        .Unit.Replace("=active", "=inactive", StringComparison.Ordinal)
                        .Replace("=running", "=dead", StringComparison.Ordinal)
                );
                await harness.StartOllamaAsync();
            },
            ("gate-agent", Restart),
            ("gate-listens", Restart),
            ("tailscale-ipv4", Restart),
            ("tailscale-ipv6", Restart)
        ),
        new(
            "a unit that is not enabled",
            async harness =>
            {
                harness.SetOutput(
                    "fastgate.service",
                    LinuxTools.Unit.Replace("=enabled", "=disabled", StringComparison.Ordinal)
                );
                await harness.StartAsync();
            },
            ("gate-agent", Restart)
        ),
        new(
            "no lingering",
            async harness =>
            {
                harness.SetOutput("linger", "Linger=no\n");
                await harness.StartAsync();
            },
            ("lingering", "loginctl enable-linger")
        ),
        new(
            "the client's Host field preserved",
            async harness =>
            {
                harness.WriteConfig("\"host\": \"preserve\"");
                await harness.StartAsync();
            },
            ("host-address", Edit),
            ("host-tailnet", Edit)
        )
        {
            Message = "remove \"host\": \"preserve\"",
        },
        new(
            "every host name accepted",
            async harness =>
            {
                harness.WriteConfig("\"hosts\": [\"*\"]");
                await harness.StartAsync();
            },
            ("host-foreign", Edit)
        ),
        new(
            "another program on the gate's port",
            async harness =>
            {
                await harness.StartOllamaAsync();
                harness.Add(new OtherProgram(harness.Network, Gate));
                harness.StartGate();
            },
            ("gate-listens", Listeners),
            ("tailscale-ipv4", "ss -ltnp")
        )
        {
            Message = "another program uses 100.101.102.103:11434",
        },
        new(
            "a rule that is too wide",
            async harness =>
            {
                harness.WriteConfig("\"allow\": [\"@seed\", \"POST /api/{any}\"]");
                await harness.StartAsync();
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
            async harness =>
            {
                await harness.StartOllamaAsync();
                harness.StartGate(
                    $"Listening on [{DoctorHarness.Six}]:11434",
                    "--allow",
                    "@seed",
                    "--allow",
                    "POST /api/pull"
                );
            },
            ("refuses-api-pull", "systemctl --user restart fastgate"),
            ("refuses-second", "systemctl --user restart fastgate")
        )
        {
            Message = "FastGate does not refuse POST /api/pull: 200",
        },
        new(
            "a gate with narrower rules than its config",
            async harness =>
            {
                await harness.StartOllamaAsync();
                harness.StartGate(
                    $"Listening on [{DoctorHarness.Six}]:11434",
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
            Message = "it is running with other rules",
        },
        new(
            "a config with a mistake",
            async harness =>
            {
                await harness.StartAsync();
                File.WriteAllText(harness.Config, "{ \"alow\": [] }");
            },
            ("config", "fastgate check --config")
        ),
    ];
}
