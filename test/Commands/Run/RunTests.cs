using System.Net;
using System.Net.Sockets;
using FastGate.Test.Commands.Shared;
using FastGate.Test.Support;

namespace FastGate.Test.Commands.Run;

/// <summary>The program as launchd or a shell sees it: exit codes, signals, a config that changes.</summary>
[TestClass]
[OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
public sealed class RunTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("fastgate-").FullName;
    private readonly int _port = Ports.Free();
    private readonly SlowOllama _ollama = new();
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(30) };

    private string ConfigFile => Path.Combine(_directory, "fastgate.json");

    public void Dispose()
    {
        _client.Dispose();
        _ollama.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [TestMethod]
    [DataRow("TERM")]
    [DataRow("INT")]
    public async Task StopSignal_FinishesTheAnswerInFlight_AndEndsWith0(string signal)
    {
        using GateProcess gate = Start();
        HttpResponseMessage answer = await _client.GetAsync(Url("/api/tags"), HttpCompletionOption.ResponseHeadersRead);
        gate.Signal(signal);
        gate.WaitFor("Stopping");
        _ollama.Finish();
        Assert.AreEqual("halfrest", await answer.Content.ReadAsStringAsync());
        Assert.AreEqual(0, await gate.ExitAsync(), gate.Said);
        Assert.Contains("Stopped.", gate.Said);
    }

    [TestMethod]
    public async Task SecondInterrupt_EndsAtOnce()
    {
        using GateProcess gate = Start();
        using HttpResponseMessage answer = await _client.GetAsync(
            Url("/api/tags"),
            HttpCompletionOption.ResponseHeadersRead
        );
        gate.Signal("INT");
        gate.WaitFor("Stopping");
        gate.Signal("INT");
        Assert.AreEqual(128 + 2, await gate.ExitAsync());
        Assert.DoesNotContain("Stopped.", gate.Said);
    }

    [TestMethod]
    public async Task Hangup_TakesUpGoodRules_AndKeepsThemWhenTheFileIsBad()
    {
        using GateProcess gate = Start();
        _ollama.Finish();
        Assert.AreEqual(HttpStatusCode.Forbidden, await AskAsync("/api/ps"));

        Write("""{"allow": ["GET /api/ps"], "loops": 3}""");
        gate.Signal("HUP");
        gate.WaitFor("1 rules are in force");
        gate.WaitFor("only a restart takes it up: loops.");
        Assert.AreEqual(HttpStatusCode.OK, await AskAsync("/api/ps"));
        Assert.AreEqual(HttpStatusCode.Forbidden, await AskAsync("/api/tags"));

        Write("""{"allow": ["GET api/tags"], "lops": 1}""");
        gate.Signal("HUP");
        gate.WaitFor("was not taken up, and the rules stay as they were; problems: 2.");
        gate.WaitFor(":1:17: allow[0]: \"GET api/tags\": a path begins with a slash");
        gate.WaitFor(":1:29: lops: no member is called \"lops\": did you mean \"loops\"?");
        Assert.AreEqual(HttpStatusCode.OK, await AskAsync("/api/ps"));
    }

    [TestMethod]
    public async Task ChangedFile_IsTakenUp_WhileAnAnswerGoesOn()
    {
        using GateProcess gate = Start();
        HttpResponseMessage answer = await _client.GetAsync(Url("/api/tags"), HttpCompletionOption.ResponseHeadersRead);
        Write("""{"allow": ["GET /api/ps"]}""");
        gate.WaitFor("1 rules are in force");

        // As editors save: another file takes the name.
        string other = Path.Combine(_directory, "other.json");
        await File.WriteAllTextAsync(other, """{"allow": ["GET /api/ps", "GET /a"]}""");
        File.Move(other, ConfigFile, overwrite: true);
        gate.WaitFor("2 rules are in force");

        _ollama.Finish();
        Assert.AreEqual("halfrest", await answer.Content.ReadAsStringAsync());
        Assert.AreEqual(HttpStatusCode.Forbidden, await AskAsync("/api/tags"));
        Assert.AreEqual(HttpStatusCode.OK, await AskAsync("/a"));
    }

    [TestMethod]
    public async Task PortInUse_EndsWith2_AndSaysWhatToDo()
    {
        using TcpListener other = new(IPAddress.Loopback, _port);
        other.Start();
        using GateProcess gate = Run();
        Assert.AreEqual(2, await gate.ExitAsync(), gate.Said);
        gate.WaitFor($"Cannot listen on 127.0.0.1:{_port}: another program listens there");
    }

    [TestMethod]
    public async Task UpstreamWithoutAnAddress_EndsWith2()
    {
        using GateProcess gate = Run("--upstream", "nobody.invalid:1");
        Assert.AreEqual(2, await gate.ExitAsync(), gate.Said);
        gate.WaitFor("The upstream \"nobody.invalid\" has no address");
    }

    [TestMethod]
    public async Task UpstreamByName_IsFound()
    {
        using GateProcess gate = Run("--upstream", $"localhost:{_ollama.Address.Split(':')[1]}");
        gate.WaitFor("Upstream: 127.0.0.1:");
        _ollama.Finish();
        Assert.AreEqual(HttpStatusCode.OK, await AskAsync("/api/tags"));
    }

    [TestMethod]
    public async Task NoTailscaleAddress_IsWaitedFor_AndTheWayToTryIsSaid()
    {
        using GateProcess gate = GateProcess.Start("--listen", "nowhere0:11434", "--access-log", "off");
        gate.WaitFor("fastgate demo, or --listen 127.0.0.1:11435");
        gate.Signal("TERM");
        Assert.AreEqual(0, await gate.ExitAsync(), gate.Said);
    }

    [TestMethod]
    [DynamicData(
        nameof(FastGate.Test.Proxy.Transport.BackendNames.Here),
        typeof(FastGate.Test.Proxy.Transport.BackendNames)
    )]
    public void Backend_IsTheOneAskedFor(string backend)
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
        string[] upstream = more.Contains("--upstream") ? [] : ["--upstream", _ollama.Address];
        return GateProcess.Start(
            variables,
            ["--config", ConfigFile, "--listen", $"127.0.0.1:{_port}", "--access-log", "off", .. upstream, .. more]
        );
    }

    private void Write(string config) => File.WriteAllText(ConfigFile, config);

    private Uri Url(string path) => new($"http://127.0.0.1:{_port}{path}");

    private async Task<HttpStatusCode> AskAsync(string path)
    {
        using HttpResponseMessage answer = await _client.GetAsync(Url(path));
        return answer.StatusCode;
    }
}
