using FastGate.Proxy.Listening;

namespace FastGate.Test.Proxy.Listening;

/// <summary>Configurations of Tailscale Serve as tailscaled writes them (ipn.ServeConfig).</summary>
[TestClass]
public sealed class ServeConfigTests
{
    [TestMethod]
    [DataRow("null", "", DisplayName = "nothing is served")]
    [DataRow("{}", "")]
    [DataRow("""{"TCP":{"11434":{"TCPForward":"127.0.0.1:11434"}}}""", "tailscale serve --tcp=11434 > 127.0.0.1:11434")]
    [DataRow(
        """{"TCP":{"11434":{"TCPForward":"127.0.0.1:11434","ProxyProtocol":2}}}""",
        "tailscale serve --tcp=11434 > 127.0.0.1:11434"
    )]
    [DataRow(
        """{"TCP":{"443":{"TCPForward":"127.0.0.1:11434","TerminateTLS":"box.tail1234.ts.net"}}}""",
        "tailscale serve --tls-terminated-tcp=443 > 127.0.0.1:11434"
    )]
    [DataRow(
        """{"TCP":{"443":{"HTTPS":true}},"Web":{"box.tail1234.ts.net:443":{"Handlers":{"/":{"Proxy":"http://127.0.0.1:11434"}}}}}""",
        "tailscale serve --https=443 > http://127.0.0.1:11434"
    )]
    [DataRow(
        """{"TCP":{"11434":{"HTTP":true}},"Web":{"box.tail1234.ts.net:11434":{"Handlers":{"/":{"Text":"hello"}}}}}""",
        "tailscale serve --http=11434 > "
    )]
    [DataRow(
        """{"TCP":{"443":{"HTTPS":true}},"Web":{"box.tail1234.ts.net:443":{"Handlers":{"/":{"Path":"/srv/www"},"/ollama":{"Proxy":"http://127.0.0.1:11434"}}}}}""",
        "tailscale serve --https=443 --set-path=/ > |tailscale serve --https=443 --set-path=/ollama > "
            + "http://127.0.0.1:11434"
    )]
    [DataRow(
        """{"TCP":{"443":{"HTTPS":true}},"Web":{"box.tail1234.ts.net:443":{"Handlers":{"/":{"Proxy":"http://127.0.0.1:11434"}}}},"AllowFunnel":{"box.tail1234.ts.net:443":true}}""",
        "tailscale funnel --https=443 > http://127.0.0.1:11434"
    )]
    [DataRow(
        """{"TCP":{"8443":{"TCPForward":"127.0.0.1:1"}},"AllowFunnel":{"box.tail1234.ts.net:8443":true}}""",
        "tailscale funnel --tcp=8443 > 127.0.0.1:1"
    )]
    [DataRow(
        """{"Foreground":{"a1b2":{"TCP":{"11434":{"TCPForward":"127.0.0.1:11434"}}}}}""",
        "tailscale serve --tcp=11434 > 127.0.0.1:11434"
    )]
    [DataRow(
        """{"Services":{"svc:ollama":{"TCP":{"11434":{"TCPForward":"127.0.0.1:11434"}}}}}""",
        "tailscale serve --service=svc:ollama --tcp=11434 > 127.0.0.1:11434"
    )]
    [DataRow("""{"Services":{"svc:all":{"Tun":true}}}""", "")]
    [DataRow(
        """{"TCP":{"11434":{"HTTPS":true}}}""",
        "tailscale serve --https=11434 > ",
        DisplayName = "a web port without a page still takes what comes"
    )]
    [DataRow(
        """{"TCP":{"x":{"TCPForward":"y"},"0":{},"70000":{},"80":7},"Web":[],"Foreground":{"a":null},"Services":7}""",
        "tailscale serve --tcp=80 > "
    )]
    public void Config_IsRead(string json, string expected) =>
        Assert.AreEqual(
            expected,
            string.Join('|', ServeConfig.Parse(json)!.Entries.Select(entry => $"{entry.Description} > {entry.Target}"))
        );

    [TestMethod]
    [DataRow("")]
    [DataRow("[]")]
    [DataRow("7")]
    [DataRow("The Tailscale GUI failed to start: error 3.")]
    [DataRow("No serve config")]
    public void InvalidConfig_IsNotReadAsAnEmptyOne(string text) => Assert.IsNull(ServeConfig.Parse(text));

    [TestMethod]
    [DataRow("""{"TCP":{"11434":{"TCPForward":"127.0.0.1:11434"}}}""", "sudo tailscale serve --tcp=11434 off")]
    [DataRow(
        """{"TCP":{"443":{"HTTPS":true}},"Web":{"b:443":{"Handlers":{"/":{"Proxy":"x"}}}},"AllowFunnel":{"b:443":true}}""",
        "sudo tailscale serve --https=443 off"
    )]
    [DataRow(
        """{"TCP":{"443":{"HTTPS":true}},"Web":{"b:443":{"Handlers":{"/a b":{"Proxy":"x"},"/c":{"Proxy":"y"}}}}}""",
        "sudo tailscale serve --https=443 --set-path='/a b' off|sudo tailscale serve --https=443 --set-path=/c off"
    )]
    [DataRow(
        """{"Services":{"svc:ollama":{"TCP":{"80":{"TCPForward":"x"}}}}}""",
        "sudo tailscale serve --service=svc:ollama --tcp=80 off"
    )]
    [DataRow(
        """{"Foreground":{"a1b2":{"TCP":{"11434":{"TCPForward":"x"}}}}}""",
        "press Ctrl+C where that command runs"
    )]
    public void Off_EndsThisEntryAndNoOther(string json, string expected) =>
        Assert.AreEqual(
            expected,
            string.Join('|', ServeConfig.Parse(json)!.Entries.Select(entry => entry.DisableCommand("sudo tailscale")))
        );

    [TestMethod]
    public void ControlCharacters_ReachNoTerminal()
    {
        ServeEntry entry = ServeConfig
            .Parse("""{"TCP":{"80":{"TCPForward":"\u001b[2J127.0.0.1:1"}}}""")!
            .Entries.Single();
        Assert.AreEqual("[2J127.0.0.1:1", entry.Target);
    }

    [TestMethod]
    [DataRow("11434", "127.0.0.1 11434")]
    [DataRow("localhost:11434", "localhost 11434")]
    [DataRow("LOCALHOST:11434", "LOCALHOST 11434")]
    [DataRow(":11434", " 11434")]
    [DataRow("127.0.0.1:11434", "127.0.0.1 11434")]
    [DataRow("tcp://0.0.0.0:11434", "0.0.0.0 11434")]
    [DataRow("tcp://[::]:11434", ":: 11434")]
    [DataRow("[::1]:11434", "::1 11434")]
    [DataRow("http://box:11434", "box 11434")]
    [DataRow("http://Box.tail1234.ts.net.:11434/v1?x=1#y", "Box.tail1234.ts.net 11434")]
    [DataRow("HTTP://127.0.0.1:11434/", "127.0.0.1 11434")]
    [DataRow("https+insecure://localhost:11434", "localhost 11434")]
    [DataRow("http://user:pass@127.0.0.1:11434/", "127.0.0.1 11434")]
    [DataRow("http://[fe80::1%25lo0]:11434", "fe80::1 11434")]
    [DataRow("http://ollama.lan", "ollama.lan 80")]
    [DataRow("https://ollama.lan/x:1", "ollama.lan 443")]
    [DataRow("https+insecure://[::1]", "::1 443")]
    [DataRow("tcp://127.0.0.1", null)]
    [DataRow("127.0.0.1", null)]
    [DataRow("127.0.0.1:http", null)]
    [DataRow("127.0.0.1:0", null)]
    [DataRow("unix:/run/ollama.sock", null)]
    [DataRow("", null)]
    public void Target_IsRead(string text, string? expected) =>
        Assert.AreEqual(expected, ServeTarget.Parse(text) is { } target ? $"{target.Host} {target.Port}" : null);

    [TestMethod]
    [DataRow("localhost", true)]
    [DataRow("LocalHost", true)]
    [DataRow("ollama.localhost", true)]
    [DataRow("", true)]
    [DataRow("127.8.9.10", true)]
    [DataRow("0.0.0.0", true)]
    [DataRow("::", true)]
    [DataRow("::1", true)]
    [DataRow("::ffff:127.0.0.1", true)]
    [DataRow("::ffff:10.0.0.5", true)]
    [DataRow("10.0.0.5", true)]
    [DataRow("100.87.6.5", true)]
    [DataRow("fe80::42:acff:fe11:2", true, DisplayName = "its own, without the zone that the system adds")]
    [DataRow("10.0.0.6", false)]
    [DataRow("box", false)]
    public void Host_IsThisMachineOrNot(string host, bool expected) =>
        Assert.AreEqual(expected, new ServeTarget(host, 1).IsHere(Machines.Linux));
}
