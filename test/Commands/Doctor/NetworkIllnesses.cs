using System.Net;

namespace FastGate.Test.Commands.Doctor;

/// <summary>Faults of Tailscale, and of proxies in front of and behind the gate.</summary>
internal static class NetworkIllnesses
{
    private const string Listeners = "ss -ltnp 'sport = :11434'";
    private const string EndServe = "sudo tailscale serve --tcp=11434 off";
    private const string Served = "{\"TCP\":{\"11434\":{\"TCPForward\":\"127.0.0.1:11434\"}}}";

    private static readonly IPEndPoint Gate = new(IPAddress.Parse(Clinic.Four), Clinic.Port);
    private static readonly IPEndPoint Behind = new(IPAddress.Loopback, 11500);
    private static readonly IPEndPoint Ollama = new(IPAddress.Loopback, Clinic.Port);

    // The gate itself listens on the IPv6 address, so all other checks run.
    private static readonly string[] BehindFlags =
    [
        "--listen",
        Behind.ToString(),
        "--listen",
        $"[{Clinic.Six}]:{Clinic.Port}",
    ];

    public static IReadOnlyList<Illness> All { get; } =
    [
        new(
            "a proxy in front of the gate that buffers",
            async clinic =>
            {
                await clinic.StartOllamaAsync();
                clinic.StartGate($"Listening on [{Clinic.Six}]:11434", BehindFlags);
                clinic.Add(new Relay(clinic.Network, Gate, Behind, holdsStreams: true));
            },
            ("stream-unbuffered", Listeners)
        )
        {
            WithModels = true,
            Says = "in front of the gate buffers",
        },
        new(
            "a proxy between the gate and Ollama that buffers",
            async clinic =>
            {
                clinic.WriteConfig("\"upstream\": \"127.0.0.1:11435\"");
                clinic.Add(
                    new Relay(clinic.Network, new IPEndPoint(IPAddress.Loopback, 11435), Ollama, holdsStreams: true)
                );
                await clinic.StartAsync();
            },
            ("stream-unbuffered", "ss -ltnp 'sport = :11435'")
        )
        {
            WithModels = true,
            Says = "even without the gate",
        },
        new(
            "a slow proxy in front of the gate",
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
                await clinic.StartAsync();
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
                await clinic.StartAsync();
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
                await clinic.StartAsync();
                clinic.Say("serve.json", Served);
            },
            ("tailscale-serve", EndServe)
        )
        {
            Says = "receives port 11434 before the gate",
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
            Says = "Tailscale uses 100.101.102.103:11434",
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
}
