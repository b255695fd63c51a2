using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using FastGate.Proxy.Gate;
using FastGate.Proxy.Listening;
using FastGate.Proxy.Metrics;
using FastGate.Proxy.Upstream;
using FastGate.Test.Proxy.Transport;
using FastGate.Test.Support;
using Microsoft.Extensions.Logging;

namespace FastGate.Test.Proxy.Gate;

/// <summary>
/// Simulated interfaces and real sockets: on Linux, every address of 127.0.0.0/8 can be bound, so it can belong to any
/// interface.
/// </summary>
[TestClass]
[OSCondition(OperatingSystems.Linux, IgnoreMessage = Abuse.Peers.OnlyOnLinux)]
public sealed class ListenersTests : IAsyncDisposable
{
    private readonly TestLoop _test = new("portable");
    private readonly RecordingLogger _log = new();
    private readonly int _port = Ports.Free();
    private List<InterfaceAddress> _machine = [];
    private Exception? _unreadable;
    private Listeners? _listeners;

    public async ValueTask DisposeAsync()
    {
        if (_listeners is not null)
            await _listeners.CloseAsync();
        await _test.DisposeAsync();
    }

    [TestMethod]
    public async Task Address_AppearsChangesAndDisappears_AndEachIsLoggedOnce()
    {
        await StartAsync($"en7:{_port}");
        await PollAsync(3);
        CheckLogged("Warning: There is no address for en7:PORT yet; waiting for one. To try");

        SetInterfaces("en7 127.7.0.1");
        await PollAsync(3);
        Check("127.7.0.1");
        CheckLogged("Information: Listening on 127.7.0.1:PORT with 1 rules.");

        SetInterfaces("en7 127.7.0.2", "en7 127.7.0.3");
        await PollAsync(3);
        Check("127.7.0.2", "127.7.0.3");
        CheckLogged(
            "Warning: No longer listening on 127.7.0.1:PORT: en7:PORT has lost that address.",
            "Information: Listening on 127.7.0.2:PORT",
            "Information: Listening on 127.7.0.3:PORT"
        );
        Assert.IsFalse(CanConnect("127.7.0.1"));
        Assert.IsTrue(CanConnect("127.7.0.3"));

        SetInterfaces();
        await PollAsync(3);
        Check();
        CheckLogged(
            "Warning: No longer listening on 127.7.0.2",
            "Warning: No longer listening on 127.7.0.3",
            "Warning: There is no address for en7:PORT any more; waiting for one."
        );

        SetInterfaces("en7 127.7.0.1");
        await PollAsync(3);
        Check("127.7.0.1");
    }

    [TestMethod]
    public async Task PortInUse_IsTriedAgain_AndLoggedOnceEachTime()
    {
        SetInterfaces("en7 127.7.0.1", "en7 127.7.0.2");
        for (int time = 0; time < 2; time++)
        {
            Socket other = Take("127.7.0.1");
            if (_listeners is null)
                await StartAsync($"en7:{_port}");
            await PollAsync(3);
            Check("127.7.0.2");
            Assert.AreEqual(1, _log.Count(LogLevel.Error));
            CheckContains("Error: Cannot listen on 127.7.0.1:PORT: another program listens there");
            CheckContains("OLLAMA_HOST=127.0.0.1");

            other.Dispose();
            await PollAsync(3);
            Check("127.7.0.2", "127.7.0.1");
            if (time > 0)
                break;

            SetInterfaces("en7 127.7.0.2");
            await PollAsync(1);
            SetInterfaces("en7 127.7.0.1", "en7 127.7.0.2");
            _log.Clear();
        }
    }

    [TestMethod]
    public async Task ExplicitAddressInUse_IsLeftToTheCaller()
    {
        using Socket other = Take("127.7.0.1");
        BindException failure = await Assert.ThrowsExactlyAsync<BindException>(() => StartAsync($"127.7.0.1:{_port}"));
        StringAssert.StartsWith(failure.Message, $"Cannot listen on 127.7.0.1:{_port}: another program listens there");
    }

    [TestMethod]
    public async Task ExplicitAddressThatIsNotReadyYet_IsWaitedFor()
    {
        // Listed but not bindable, as an IPv6 address is while the link is checked for duplicates.
        SetInterfaces("en7 fd00:7::1");
        await StartAsync($"[fd00:7::1]:{_port}");
        await PollAsync(3);
        Check();
        CheckLogged("Information: [fd00:7::1]:PORT cannot be bound yet");
    }

    [TestMethod]
    public async Task InterfacesThatCannotBeRead_ChangeNothing_AndAreLoggedOnce()
    {
        SetInterfaces("en7 127.7.0.1");
        await StartAsync($"en7:{_port}");
        _unreadable = new NetworkInformationException(24);
        await PollAsync(3);
        Check("127.7.0.1");
        Assert.AreEqual(1, _log.Count(LogLevel.Warning));
        CheckContains("The network interfaces cannot be read");
        _unreadable = null;
        await PollAsync(1);
    }

    [TestMethod]
    public async Task InterfacesThatCannotBeReadAtTheStart_AreWaitedFor()
    {
        _unreadable = new IOException("Too many open files");
        await StartAsync($"en7:{_port}", $"127.0.0.1:{_port}");
        Check("127.0.0.1");
        _unreadable = null;
        SetInterfaces("en7 127.7.0.1");
        await PollAsync(1);
        Check("127.7.0.1", "127.0.0.1");
    }

    [TestMethod]
    public async Task AddressOfTwoListeners_BelongsToTheFirst_AndGoesToTheOtherWithTheInterface()
    {
        SetInterfaces("en7 127.7.0.1", "en8 127.7.0.1");
        await StartAsync($"en7:{_port}", $"en8:{_port}");
        Check("127.7.0.1");
        _log.Clear();
        SetInterfaces("en8 127.7.0.1");
        await PollAsync(3);
        Check("127.7.0.1");
        CheckLogged(
            "Warning: No longer listening on 127.7.0.1:PORT: en7:PORT has lost that address.",
            "Information: Listening on 127.7.0.1:PORT with 2 rules.",
            "Warning: There is no address for en7:PORT any more"
        );
    }

    [TestMethod]
    public async Task PeersAllowed_FollowTheMachinesOwnAddresses()
    {
        SetInterfaces("lo 127.0.0.1", "tailscale0 127.7.0.1", "en7 10.9.8.7");
        await StartAsync($"127.7.0.1:{_port}");
        Assert.IsTrue(Admits("10.9.8.7"));
        SetInterfaces("lo 127.0.0.1", "tailscale0 127.7.0.1", "en7 10.9.8.6");
        await PollAsync(1);
        Assert.IsFalse(Admits("10.9.8.7"), "the address may belong to another machine now");
        Assert.IsTrue(Admits("10.9.8.6"));
    }

    [TestMethod]
    public async Task SocketThatEndedByItself_IsBoundAgain()
    {
        SetInterfaces("en7 127.7.0.1");
        await StartAsync($"en7:{_port}");
        AcceptLoop ended = Bindings().Single().AcceptLoop;
        await _test.RunAsync(ended.Close);
        await _test.UntilAsync(() => !Bindings().Single().IsOpen);
        Assert.IsFalse(CanConnect("127.7.0.1"));
        await PollAsync(1);
        Assert.IsTrue(CanConnect("127.7.0.1"));
    }

    [TestMethod]
    [DataRow("127.0.0.1:80", false)]
    [DataRow("[::1]:80", false)]
    [DataRow("0.0.0.0:80", false)]
    [DataRow("192.168.1.23:80", true)]
    [DataRow("en0:80", true)]
    [DataRow("tailscale:80", true)]
    public void Listener_IsFollowedIfItCanChange(string on, bool canChange) =>
        Assert.AreEqual(canChange, Make(on).CanChange);

    private async Task StartAsync(params string[] on)
    {
        _listeners = Make(on);
        await _listeners.StartAsync();
    }

    private Listeners Make(params string[] on)
    {
        ListenerOptions[] options =
        [
            .. on.Select(
                (text, n) =>
                    new ListenerOptions
                    {
                        Address = Parse(text),
                        Policy = RunningGate.Policy(
                            new IPEndPoint(IPAddress.Loopback, 1),
                            [.. Enumerable.Range(0, n + 1).Select(i => $"GET /{i}")]
                        ),
                    }
            ),
        ];
        GateLimits limits = new();
        Worker worker = new(
            _test.Loop,
            new UpstreamPool(
                _test.Loop,
                new UpstreamOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, 1) },
                _log
            ),
            null,
            new Tally(0, options.Length, VerdictWords.All.Count),
            limits,
            _log
        );
        AcceptLoopFactory acceptLoops = new(
            _test.Loop,
            new Admission(limits, _test.Loop, _log),
            new WorkerRing([worker]),
            limits,
            _log,
            () => throw new NotSupportedException("No flood is expected.")
        );
        return new Listeners(
            options,
            [.. options.Select(o => new PolicySlot(o.Policy, listener: 0, loops: 1))],
            acceptLoops,
            () => _unreadable is null ? _machine : throw _unreadable,
            _log
        );
    }

    private static ListenAddress Parse(string text)
    {
        Assert.IsTrue(ListenAddress.TryParse(text, out ListenAddress? address, out string? problem), problem);
        return address!;
    }

    private void SetInterfaces(params string[] lines) =>
        _machine = [
            .. lines
                .Select(line => line.Split(' '))
                .Select(words => new InterfaceAddress(words[0], IPAddress.Parse(words[1]))),
        ];

    private async Task PollAsync(int times)
    {
        for (int i = 0; i < times; i++)
            await _listeners!.PollAsync();
    }

    private void Check(params string[] hosts) =>
        Assert.AreEqual(
            string.Join(' ', hosts.Select(host => $"{host}:{_port}")),
            string.Join(' ', _listeners!.EndPoints)
        );

    /// <summary>
    /// Asserts that exactly these lines were logged since the last call; each text is the beginning of one line.
    /// </summary>
    private void CheckLogged(params string[] expected)
    {
        string[] lines = [.. _log.Lines.Select(line => $"{line.Level}: {line.Text}")];
        Assert.HasCount(expected.Length, lines, string.Join('\n', lines));
        foreach ((int n, string line) in expected.Index())
            StringAssert.StartsWith(lines[n], Ported(line));
        _log.Clear();
    }

    private void CheckContains(string part) =>
        Assert.Contains(Ported(part), string.Join('\n', _log.Lines.Select(line => $"{line.Level}: {line.Text}")));

    private string Ported(string text) => text.Replace("PORT", $"{_port}", StringComparison.Ordinal);

    private IReadOnlyList<Binding> Bindings() => _listeners!.Bindings;

    private bool Admits(string peer) =>
        AddressRanges.Contain(Bindings().Single().AcceptLoop.From, IPAddress.Parse(peer));

    private bool CanConnect(string host) => LoopbackSockets.CanConnect(host, _port);

    private Socket Take(string host) => LoopbackSockets.Listen(host, _port);
}
