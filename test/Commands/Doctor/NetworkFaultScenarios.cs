using System.Net;

namespace FastGate.Test.Commands.Doctor;

/// <summary>Faults of Tailscale, and of proxies in front of and behind the gate.</summary>
internal static class NetworkFaultScenarios
{
    private const string Listeners = "ss -ltnp 'sport = :11434'";
    private const string EndServe = "sudo tailscale serve --tcp=11434 off";
    private const string Served = "{\"TCP\":{\"11434\":{\"TCPForward\":\"127.0.0.1:11434\"}}}";

    private static readonly IPEndPoint Gate = new(IPAddress.Parse(DoctorHarness.Four), DoctorHarness.Port);
    private static readonly IPEndPoint Behind = new(IPAddress.Loopback, 11500);
    private static readonly IPEndPoint Ollama = new(IPAddress.Loopback, DoctorHarness.Port);

    // The gate itself listens on the IPv6 address, so all other checks run.
    private static readonly string[] BehindFlags =
    [
        "--listen",
        Behind.ToString(),
        "--listen",
        $"[{DoctorHarness.Six}]:{DoctorHarness.Port}",
    ];

    public static IReadOnlyList<FaultScenario> All { get; } =
    [
        new(
            "a proxy in front of the gate that buffers",
            async harness =>
            {
                await harness.StartOllamaAsync();
                harness.StartGate($"Listening on [{DoctorHarness.Six}]:11434", BehindFlags);
                harness.Add(new Relay(harness.Network, Gate, Behind, holdsStreams: true));
            },
            ("stream-unbuffered", Listeners)
        )
        {
            WithModels = true,
            Message = "in front of the gate buffers",
        },
        new(
            "a proxy between the gate and Ollama that buffers",
            async harness =>
            {
                harness.WriteConfig("\"upstream\": \"127.0.0.1:11435\"");
                harness.Add(
                    new Relay(harness.Network, new IPEndPoint(IPAddress.Loopback, 11435), Ollama, holdsStreams: true)
                );
                await harness.StartAsync();
            },
            ("stream-unbuffered", "ss -ltnp 'sport = :11435'")
        )
        {
            WithModels = true,
            Message = "even without the gate",
        },
        new(
            "a slow proxy in front of the gate",
            async harness =>
            {
                await harness.StartOllamaAsync();
                harness.StartGate($"Listening on [{DoctorHarness.Six}]:11434", BehindFlags);
                harness.Add(new Relay(harness.Network, Gate, Behind, delay: TimeSpan.FromMilliseconds(3)));
            },
            ("latency", "uptime")
        )
        {
            Message = "more than 1 ms",
        },
        new(
            "Tailscale that is not logged in",
            async harness =>
            {
                harness.SetOutput("tailscale.json", LinuxTools.Status("NeedsLogin"));
                await harness.StartOllamaAsync();
                harness.StartGate("There is no address for tailscale:11434 yet");
            },
            ("gate-listens", "sudo tailscale up"),
            ("tailscale-state", "sudo tailscale up")
        )
        {
            WithTailscale = false,
        },
        new(
            "Tailscale without an interface",
            async harness =>
            {
                harness.SetOutput("tailscale.json", LinuxTools.Status(hasInterface: false));
                await harness.StartAsync();
            },
            ("tailscale-interface", "/etc/default/tailscaled")
        ),
        new(
            "tailscale serve past the gate",
            async harness =>
            {
                harness.SetOutput(
                    "serve.json",
                    "{\"TCP\":{\"443\":{\"HTTPS\":true}},\"Web\":{\"box.tail1234.ts.net:443\":{\"Handlers\":{\"/\":{\"Proxy\":\"http://127.0.0.1:11434\"}}}}}"
                );
                await harness.StartAsync();
            },
            ("tailscale-serve", "sudo tailscale serve --https=443 off")
        )
        {
            Message = "past the gate",
        },
        new(
            "tailscale serve on the gate's port, set while the gate runs",
            async harness =>
            {
                await harness.StartAsync();
                harness.SetOutput("serve.json", Served);
            },
            ("tailscale-serve", EndServe)
        )
        {
            Message = "receives port 11434 before the gate",
        },
        new(
            "tailscale serve on the gate's port, set before the gate started",
            async harness =>
            {
                await harness.StartOllamaAsync();
                harness.SetOutput("serve.json", Served);
                harness.Add(new Relay(harness.Network, Gate, Ollama));
                harness.StartGate();
            },
            ("gate-listens", EndServe),
            ("ollama-unreachable", EndServe),
            ("tailscale-serve", EndServe),
            ("tailscale-ipv4", EndServe)
        )
        {
            Message = "Tailscale uses 100.101.102.103:11434",
        },
        new(
            "tailscale serve without a gate",
            async harness =>
            {
                await harness.StartOllamaAsync();
                harness.WriteConfig("\"listen\": \"192.168.77.1:11434\"");
                harness.SetOutput("serve.json", Served);
                harness.Add(new Relay(harness.Network, Gate, Ollama));
                harness.StartGate("Listening on 192.168.77.1:11434");
            },
            ("ollama-loopback", EndServe),
            ("ollama-unreachable", EndServe),
            ("tailscale-serve", EndServe)
        ),
    ];
}
