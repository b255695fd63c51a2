using System.Net.Sockets;
using System.Text;
using FastGate.Proxy.Listening;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Listening;

/// <summary>A socket that responds like Tailscale's daemon, or not at all.</summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class TailscaleDaemonTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ts-");

    private string SocketPath => Path.Combine(_folder.FullName, "tailscaled.sock");

    public void Dispose() => _folder.Delete(recursive: true);

    [TestMethod]
    [DataRow(
        """{"Version":"1.92.3","TUN":false,"BackendState":"Running","TailscaleIPs":["100.101.102.103"]}""",
        TailscaleState.Userspace
    )]
    [DataRow("""{"TUN":false,"BackendState":"NeedsLogin"}""", TailscaleState.Userspace)]
    [DataRow("""{"TUN":true,"BackendState":"NeedsLogin"}""", TailscaleState.LoggedOut)]
    [DataRow("""{"TUN":true,"BackendState":"NeedsMachineAuth"}""", TailscaleState.AwaitsApproval)]
    [DataRow("""{"TUN":true,"BackendState":"Stopped"}""", TailscaleState.Stopped)]
    [DataRow("""{"TUN":true,"BackendState":"NoState"}""", TailscaleState.Starting)]
    [DataRow("""{"TUN":true,"BackendState":"Starting"}""", TailscaleState.Starting)]
    [DataRow("""{"TUN":true,"BackendState":"Running"}""", TailscaleState.Running)]
    [DataRow("""{"BackendState":"Running"}""", TailscaleState.Running, DisplayName = "a version without TUN")]
    [DataRow("""{"TUN":true,"BackendState":"SomethingNew"}""", TailscaleState.Unknown)]
    [DataRow("""{"TUN":"no","BackendState":7}""", TailscaleState.Unknown)]
    [DataRow("[]", TailscaleState.Unknown)]
    [DataRow("{", TailscaleState.Unknown)]
    [DataRow("", TailscaleState.Unknown)]
    public Task Status_IsUnderstood(string content, object expected) =>
        Check(
            $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {content.Length}\r\n\r\n{content}",
            (TailscaleState)expected
        );

    [TestMethod]
    [DataRow(
        "HTTP/1.1 403 Forbidden\r\nContent-Length: 22\r\n\r\nstatus access denied\r\n",
        DisplayName = "no permission"
    )]
    [DataRow("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", DisplayName = "cut short")]
    [DataRow("SSH-2.0-OpenSSH\r\n", DisplayName = "another program")]
    [DataRow("", DisplayName = "closes at once")]
    public Task AnyOtherResponse_IsUnknown(string answer) => Check(answer, TailscaleState.Unknown);

    [TestMethod]
    public async Task NoSocket_IsUnknown() => Assert.AreEqual(TailscaleState.Unknown, await StateAsync());

    [TestMethod]
    public async Task StaleSocket_IsUnknown()
    {
        using (Socket dead = Listen())
            Assert.IsTrue(File.Exists(SocketPath));
        await File.WriteAllTextAsync(SocketPath, "");
        Assert.AreEqual(TailscaleState.Unknown, await StateAsync());
    }

    [TestMethod]
    public async Task DaemonThatHangs_TimesOut()
    {
        using Socket silent = Listen();
        Assert.AreEqual(TailscaleState.Unknown, await StateAsync());
    }

    [TestMethod]
    public async Task Canceled_Throws()
    {
        using Socket silent = Listen();
        using CancellationTokenSource stopping = new();
        Task<TailscaleStatus?> reading = new TailscaleDaemon([SocketPath]).StatusAsync(stopping.Token);
        await stopping.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => reading.WithinDeadline());
    }

    [TestMethod]
    public void Userspace_WarnsOfTheBypass()
    {
        string? advice = TailscaleAdvice.For(TailscaleState.Userspace, 11434);
        StringAssert.Contains(advice, "127.0.0.1:11434");
        StringAssert.Contains(advice, "bypassing the gate");
        StringAssert.Contains(advice, "OLLAMA_HOST=127.0.0.1:11435");
        StringAssert.Contains(TailscaleAdvice.For(TailscaleState.Userspace, 65535), "127.0.0.1:65534");
        Assert.IsNull(TailscaleAdvice.For(TailscaleState.Unknown, 11434), "no advice for an unknown state");
        Assert.IsNull(TailscaleAdvice.For(TailscaleState.Starting, 11434));
    }

    private async Task Check(string answer, TailscaleState expected)
    {
        using Socket listener = Listen();
        Task<string> serving = ServeAsync(listener, answer);
        Assert.AreEqual(expected, await StateAsync());
        string request = await serving;
        StringAssert.StartsWith(request, "GET /localapi/v0/status?peers=false HTTP/1.1\r\n");
        // Tailscale refuses any other host, and any request with an Origin or Referer.
        StringAssert.Contains(request, "Host: local-tailscaled.sock\r\n");
        Assert.DoesNotContain("Origin:", request);
        Assert.DoesNotContain("Referer:", request);
    }

    private async Task<TailscaleState> StateAsync()
    {
        TailscaleDaemon daemon = new([Path.Combine(_folder.FullName, "elsewhere.sock"), SocketPath]);
        TailscaleStatus? status = await daemon.StatusAsync(CancellationToken.None).WithinDeadline();
        return status?.Kind ?? TailscaleState.Unknown;
    }

    private Socket Listen()
    {
        Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(SocketPath));
        listener.Listen();
        return listener;
    }

    private static async Task<string> ServeAsync(Socket listener, string answer)
    {
        using RawConnection connection = new(await listener.AcceptAsync());
        string request = Encoding.ASCII.GetString(await connection.ReadThroughAsync("\r\n\r\n"u8.ToArray()));
        await connection.SendAsync(Encoding.UTF8.GetBytes(answer));
        return request;
    }
}
