using System.Diagnostics;
using System.Net;
using FastGate.Test.Commands.Shared;
using FastGate.Test.StandIn;
using FastGate.Test.Support;

namespace FastGate.Test.Commands.Doctor;

/// <summary>
/// A Linux machine in its own network namespace, with a LAN and a Tailscale address: the real program as gate and as
/// doctor, a stand-in for Ollama on Ollama's own port, and scripts for the system's tools. Healthy until a test breaks
/// it.
/// </summary>
internal sealed class DoctorHarness : IAsyncDisposable
{
    public const string Four = "100.101.102.103";
    public const string Six = "fd7a:115c:a1e0::7b01:6667";
    public const string Lan = "192.168.77.1";
    public const int Port = 11434;

    /// <summary>The timing checks.</summary>
    public static readonly string[] TimeChecks = ["latency", "stream-delay", "stream-gap"];

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    private readonly string _root = Directory.CreateTempSubdirectory("fastgate-doctor").FullName;
    private readonly List<IAsyncDisposable> _opened = [];
    private readonly List<GateProcess> _gates = [];

    private DoctorHarness(NetNamespace network)
    {
        Network = network;
        LinuxTools.WriteTo(Tools);
        Directory.CreateDirectory(State);
        SetOutput("fastgate.service", LinuxTools.Unit);
        SetOutput("ollama.service", LinuxTools.Unit);
        SetOutput("linger", "Linger=yes\n");
        SetOutput("tailscale.json", LinuxTools.Status());
        SetOutput("serve.json", "{}\n");
        WriteHome(".config/systemd/user/fastgate.service", "[Service]\n");
        WriteHome(".local/bin/placeholder", "");
        File.CreateSymbolicLink(Path.Combine(Home, ".local/bin/fastgate"), SourceTree.Program);
        WriteConfig("");
    }

    public NetNamespace Network { get; }

    /// <summary>Whether a timing check must fail on this machine.</summary>
    public bool IsSlow { get; set; }

    public string Config => Path.Combine(_root, "fastgate.json");

    private string Home => Path.Combine(_root, "home");

    private string Tools => Path.Combine(_root, "tools");

    private string State => Path.Combine(_root, "state");

    private (string Name, string Value)[] Variables =>
        [
            ("HOME", Home),
            ("XDG_CONFIG_HOME", Path.Combine(Home, ".config")),
            ("XDG_STATE_HOME", ""),
            ("XDG_DATA_HOME", ""),
            ("PATH", $"{Tools}:{Path.Combine(Home, ".local/bin")}:/usr/bin:/bin"),
            ("FAKE_STATE", State),
        ];

    public static async Task<DoctorHarness> OpenAsync(bool withTailscale = true)
    {
        NetNamespace network = await NetNamespace.MakeAsync();
        await network.IpAsync("link add lan0 type veth peer name lan1");
        await network.IpAsync("link set lan0 up");
        await network.IpAsync("link set lan1 up");
        await network.IpAsync($"addr add {Lan}/24 dev lan0");
        if (withTailscale)
        {
            await network.IpAsync("link add tailscale0 type veth peer name tailscale1");
            await network.IpAsync("link set tailscale0 up");
            await network.IpAsync("link set tailscale1 up");
            await network.IpAsync($"addr add {Four}/10 dev tailscale0");
            await network.IpAsync($"addr add {Six}/48 dev tailscale0 nodad");
        }
        return new DoctorHarness(network);
    }

    /// <summary>Starts Ollama and the gate.</summary>
    public async Task StartAsync()
    {
        await StartOllamaAsync();
        StartGate();
    }

    /// <summary>Starts Ollama, which streams its tokens one by one.</summary>
    public async Task<StandInOllama> StartOllamaAsync(string address = "127.0.0.1", int port = Port)
    {
        StandInOllama ollama = await StandInOllama.StartAsync(new IPEndPoint(IPAddress.Parse(address), port), Network);
        ollama.Pace = Pace.Delays(TimeSpan.Zero, TimeSpan.FromMilliseconds(20));
        _opened.Add(ollama);
        return ollama;
    }

    /// <summary>Starts the gate with its config.</summary>
    /// <param name="message">Waits until the gate logs this.</param>
    /// <param name="flags">Override the config.</param>
    public void StartGate(string message = $"Listening on [{Six}]:11434", params string[] flags)
    {
        Add(GateProcess.StartIn(Network, ["--config", Config, .. flags]), message);
    }

    /// <summary>Starts the gate as an argument of <c>dotnet</c>.</summary>
    public void StartGateByDotnet() =>
        Add(GateProcess.StartByDotnet(Network, "--config", Config), $"Listening on [{Six}]:11434");

    private void Add(GateProcess gate, string message)
    {
        _gates.Add(gate);
        gate.WaitFor(message);
    }

    public void Add(IAsyncDisposable other) => _opened.Add(other);

    /// <summary>Sets the output of one of the system's tools.</summary>
    public void SetOutput(string name, string text) => File.WriteAllText(Path.Combine(State, name), text);

    /// <summary>The config: the defaults, a log and a metrics socket in this home, and these members.</summary>
    public void WriteConfig(string members) =>
        File.WriteAllText(
            Config,
            $$"""
            {
              "accessLog": "{{Path.Combine(_root, "access.log")}}",
              "metrics": { "socket": "{{Path.Combine(_root, "run/gate.sock")}}" }{{(members.Length > 0 ? "," : "")}}
              {{members}}
            }
            """
        );

    public void WriteHome(string relative, string text)
    {
        string path = Path.Combine(Home, relative);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    /// <summary>
    /// Runs doctor, up to five times until its timing checks are as expected, since a busy machine affects them.
    /// </summary>
    public async Task<DoctorReport> DiagnoseAsync(params string[] flags)
    {
        for (int attempt = 1; ; attempt++)
        {
            (int exitCode, string output, string faults) = await RunAsync(["--config", Config, "--json", .. flags]);
            Assert.AreEqual("", faults.Trim());
            DoctorReport found = new(exitCode, output);
            if (attempt == 5 || found.Failed.Intersect(TimeChecks).Any() == IsSlow)
                return found;
        }
    }

    public Task<(int ExitCode, string Output, string Faults)> RunAsync(params string[] flags) =>
        RunProgramAsync(["doctor", .. flags]);

    /// <summary>Runs another verb, with the gate's config.</summary>
    public Task<(int ExitCode, string Output, string Faults)> RunVerbAsync(string verb, params string[] flags) =>
        RunProgramAsync([verb, "--config", Config, .. flags]);

    private async Task<(int ExitCode, string Output, string Faults)> RunProgramAsync(string[] line)
    {
        (string program, string[] arguments) = Network.Inside(SourceTree.Program, line);
        await using ChildProcess running = ChildProcess.Start(program, arguments, null, Variables);
        return await running.EndAsync(Longest);
    }

    /// <summary>Runs doctor on this process's own terminal.</summary>
    public async Task<int> ShowAsync(params string[] flags)
    {
        (string program, string[] arguments) = Network.Inside(
            SourceTree.Program,
            ["doctor", "--config", Config, .. flags]
        );
        ProcessStartInfo start = new(program, arguments);
        foreach ((string name, string value) in Variables)
            start.Environment[name] = value;
        using Process doctor = Process.Start(start)!;
        await doctor.WaitForExitAsync();
        return doctor.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (GateProcess gate in _gates)
            gate.Dispose();
        foreach (IAsyncDisposable opened in _opened)
            await opened.DisposeAsync();
        await Network.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }
}
