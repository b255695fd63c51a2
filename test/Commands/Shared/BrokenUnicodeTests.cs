using System.Text;
using System.Text.Json;
using FastGate.Commands.Install;
using FastGate.Commands.Shared;
using FastGate.Commands.Status;
using FastGate.Host;
using FastGate.Proxy.Admin;
using FastGate.Proxy.Listening;
using FastGate.Proxy.Metrics;
using FastGate.Test.Proxy.Metrics;
using FastGate.Test.Support;

namespace FastGate.Test.Commands.Shared;

/// <summary>
/// JSON with half of a surrogate pair, or bytes that are not UTF-8, in a string or a member's name: System.Text.Json
/// throws InvalidOperationException when the text is read, which ended <c>status</c> and <c>uninstall</c> in SIGABRT.
/// </summary>
[TestClass]
public sealed class BrokenUnicodeTests
{
    private static readonly byte[][] Broken =
    [
        "{\"version\":\"\\ud800\"}"u8.ToArray(),
        "{\"version\":\"\\udc00x\",\"\\ud800\":1}"u8.ToArray(),
        "{\"\\ud800ersion\":1,\"build\\ud800\":2}"u8.ToArray(),
    ];

    [TestMethod]
    public void Status_ShowsNoVersion()
    {
        foreach (byte[] content in Broken)
        {
            StatusFrame frame = new()
            {
                Socket = "/run/gate.sock",
                Response = new AdminResponse(
                    AdminOutcome.Success,
                    Samples.Snapshot,
                    SnapshotJson.Write(Samples.Snapshot)
                ),
                Service = ServiceState.None,
                Ollama = new ProbeResponse(200, Encoding.UTF8.GetString(content), TimeSpan.FromMilliseconds(1)),
            };
            Assert.Contains(
                $"127.0.0.1:11434 {Palette.Good("responds,")}",
                string.Join('\n', StatusPage.Lines(frame, 100))
            );
        }
    }

    [TestMethod]
    [DataRow("[{\"\\ud800\":1}]")]
    [DataRow("[{\"kind\":\"WroteFile\",\"\\udc00x\":1,\"path\":\"/tmp/x\"}]")]
    [DataRow("[{\"\u00ff\":1}]")]
    [DataRow("[{\"kind\":\"\u00ff\"}]")]
    public void Journal_IsRefused(string journal) =>
        Assert.Contains(
            "Nothing was changed.",
            Assert
                .ThrowsExactly<InvalidDataException>(() => JournalReader.Read("j", Encoding.Latin1.GetBytes(journal)))
                .Message
        );

    [TestMethod]
    public void Doctor_FindsNoText()
    {
        using JsonDocument json = JsonDocument.Parse("{\"a\":\"\\ud800\"}");
        Assert.IsNull(json.RootElement.At("a").Text());
        using JsonDocument names = JsonDocument.Parse("{\"\\ud800ersion\":1}");
        Assert.IsNull(names.RootElement.At("version").Text());
    }

    [TestMethod]
    public async Task Tailscale_IsNotUnderstood()
    {
        const string Status = "{\"BackendState\":\"\\ud800\"}";
        const string Serve = "{\"TCP\":{\"11434\":{\"TCPForward\":\"\\ud800\"}}}";
        Assert.IsNull(TailscaleStatus.Parse(Status));
        Assert.IsNull(ServeConfig.Parse(Serve));
        await using FakeTailscaled fake = new() { Status = Status, Serve = Serve };
        TailscaleDaemon daemon = new([fake.SocketPath]);
        Assert.IsNull(await daemon.StatusAsync(CancellationToken.None));
        Assert.IsNull(await daemon.ServeAsync(CancellationToken.None));
    }
}
