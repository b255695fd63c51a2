using System.Net;
using System.Net.Sockets;
using FastGate.Test.Commands.Shared;
using FastGate.Test.StandIn;
using FastGate.Test.Support;

namespace FastGate.Test.Commands.Run;

/// <summary>The program as launchd or a shell runs it: exit codes, signals, config changes.</summary>
[TestClass]
[TestCategory(Category.Process)]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class RunTests : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("fastgate-").FullName;
    private readonly int _port = Ports.Free();
    private readonly TaskCompletionSource _rest = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(30) };
    private StandInOllama _ollama = null!;

    private string ConfigFile => Path.Combine(_directory, "fastgate.json");

    /// <summary>Ollama sends half of each response, and the rest when <see cref="_rest"/> completes.</summary>
    [TestInitialize]
    public async Task StartOllamaAsync()
    {
        _ollama = await StandInOllama.StartAsync();
        _ollama.Pace = new Pace { BeforeSecondHalf = canceled => _rest.Task.WaitAsync(canceled) };
        foreach (string path in (string[])["/api/tags", "/api/ps", "/a"])
            _ollama.Overrides[path] = (200, "halfrest");
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _ollama.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [TestMethod]
    [DataRow("TERM")]
    [DataRow("INT")]
    public async Task StopSignal_FinishesTheResponseInFlight_AndExitsWith0(string signal)
    {
        using GateProcess gate = Start();
        HttpResponseMessage response = await _client.GetAsync(
            Url("/api/tags"),
            HttpCompletionOption.ResponseHeadersRead
        );
        gate.Signal(signal);
        gate.WaitFor("Stopping");
        _rest.SetResult();
        Assert.AreEqual("halfrest", await response.Content.ReadAsStringAsync());
        Assert.AreEqual(0, await gate.ExitAsync(), gate.Output);
        Assert.Contains("Stopped.", gate.Output);
    }

    /// <summary>Regression: a hash for the name of a file loaded OpenSSL, which took 4 MB and 4 ms of every start.</summary>
    [TestMethod]
    [OSCondition(OperatingSystems.Linux, IgnoreMessage = "Reads /proc.")]
    public async Task Start_LoadsNoCryptography()
    {
        using GateProcess gate = Start();
        _rest.SetResult();
        Assert.AreEqual("halfrest", await _client.GetStringAsync(Url("/api/tags")));
        string mapped = await File.ReadAllTextAsync($"/proc/{gate.Id}/maps");
        Assert.Contains("libc.so", mapped);
        Assert.DoesNotContain("libcrypto", mapped);
    }

    [TestMethod]
    public async Task SecondInterrupt_StopsImmediately()
    {
        using GateProcess gate = Start();
        using HttpResponseMessage response = await _client.GetAsync(
            Url("/api/tags"),
            HttpCompletionOption.ResponseHeadersRead
        );
        gate.Signal("INT");
        gate.WaitFor("Stopping");
        gate.Signal("INT");
        Assert.AreEqual(128 + 2, await gate.ExitAsync());
        Assert.DoesNotContain("Stopped.", gate.Output);
    }

    [TestMethod]
    public async Task Hangup_LoadsValidRules_AndKeepsThemWhenTheFileIsInvalid()
    {
        using GateProcess gate = Start();
        _rest.SetResult();
        Assert.AreEqual(HttpStatusCode.Forbidden, await StatusAsync("/api/ps"));

        Write("""{"allow": ["GET /api/ps"], "loops": 3}""");
        gate.Signal("HUP");
        gate.WaitFor("rules in force: 1.");
        gate.WaitFor("Restart the gate to apply these changes of the config: loops.");
        Assert.AreEqual(HttpStatusCode.OK, await StatusAsync("/api/ps"));
        Assert.AreEqual(HttpStatusCode.Forbidden, await StatusAsync("/api/tags"));

        Write("""{"allow": ["GET api/tags"], "lops": 1}""");
        gate.Signal("HUP");
        gate.WaitFor("failed with 2 error(s); keeping the current rules.");
        gate.WaitFor(":1:17: allow[0]: \"GET api/tags\": the path must begin with a slash");
        gate.WaitFor(":1:29: lops: unknown member \"lops\"; did you mean \"loops\"?");
        Assert.AreEqual(HttpStatusCode.OK, await StatusAsync("/api/ps"));
    }

    [TestMethod]
    public async Task ChangedFile_IsLoadedDuringAResponse()
    {
        using GateProcess gate = Start();
        HttpResponseMessage response = await _client.GetAsync(
            Url("/api/tags"),
            HttpCompletionOption.ResponseHeadersRead
        );
        Write("""{"allow": ["GET /api/ps"]}""");
        gate.WaitFor("rules in force: 1.");

        // As editors save: another file is renamed to this one.
        string other = Path.Combine(_directory, "other.json");
        await File.WriteAllTextAsync(other, """{"allow": ["GET /api/ps", "GET /a"]}""");
        File.Move(other, ConfigFile, overwrite: true);
        gate.WaitFor("rules in force: 2.");

        _rest.SetResult();
        Assert.AreEqual("halfrest", await response.Content.ReadAsStringAsync());
        Assert.AreEqual(HttpStatusCode.Forbidden, await StatusAsync("/api/tags"));
        Assert.AreEqual(HttpStatusCode.OK, await StatusAsync("/a"));
    }

    [TestMethod]
    public async Task PortInUse_ExitsWith2AndACure()
    {
        using TcpListener other = new(IPAddress.Loopback, _port);
        other.Start();
        using GateProcess gate = Run();
        Assert.AreEqual(2, await gate.ExitAsync(), gate.Output);
        gate.WaitFor($"Cannot listen on 127.0.0.1:{_port}: another program listens there");
    }

    [TestMethod]
    public async Task UpstreamThatDoesNotResolve_ExitsWith2()
    {
        using GateProcess gate = Run("--upstream", "nobody.invalid:1");
        Assert.AreEqual(2, await gate.ExitAsync(), gate.Output);
        gate.WaitFor("The upstream host \"nobody.invalid\" does not resolve");
    }

    [TestMethod]
    public async Task UpstreamByName_IsResolved()
    {
        using GateProcess gate = Run("--upstream", $"localhost:{_ollama.Endpoint.Port}");
        gate.WaitFor("Upstream: 127.0.0.1:");
        _rest.SetResult();
        Assert.AreEqual(HttpStatusCode.OK, await StatusAsync("/api/tags"));
    }

    [TestMethod]
    public async Task MissingAddress_IsWaitedFor_AndTheLogSuggestsTheDemo()
    {
        using GateProcess gate = GateProcess.Start("--listen", "nowhere0:11434", "--access-log", "off");
        gate.WaitFor("fastgate demo, or use --listen 127.0.0.1:11435");
        gate.Signal("TERM");
        Assert.AreEqual(0, await gate.ExitAsync(), gate.Output);
    }

    [TestMethod]
    [DynamicData(
        nameof(FastGate.Test.Proxy.Transport.BackendNames.Here),
        typeof(FastGate.Test.Proxy.Transport.BackendNames)
    )]
    public void Backend_IsTheRequestedOne(string backend)
    {
        using GateProcess gate = Run(backend == "kqueue" ? Emulation.Variables() : [], "--backend", backend);
        gate.WaitFor($"Backend: {backend}");
    }

    private GateProcess Start()
    {
        GateProcess gate = Run();
        gate.WaitFor("Upstream: ");
        return gate;
    }

    private GateProcess Run(params string[] more) => Run([], more);

    private GateProcess Run((string Name, string Value)[] variables, params string[] more)
    {
        Write("{}");
        string[] upstream = more.Contains("--upstream") ? [] : ["--upstream", _ollama.Endpoint.ToString()];
        return GateProcess.Start(
            variables,
            ["--config", ConfigFile, "--listen", $"127.0.0.1:{_port}", "--access-log", "off", .. upstream, .. more]
        );
    }

    private void Write(string config) => File.WriteAllText(ConfigFile, config);

    private Uri Url(string path) => new($"http://127.0.0.1:{_port}{path}");

    private async Task<HttpStatusCode> StatusAsync(string path)
    {
        using HttpResponseMessage response = await _client.GetAsync(Url(path));
        return response.StatusCode;
    }
}
