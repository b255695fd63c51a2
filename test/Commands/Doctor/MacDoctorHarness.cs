using System.Net;
using FastGate.Commands.Doctor;
using FastGate.Commands.Shared;
using FastGate.Config;
using FastGate.Host;
using FastGate.Proxy.Listening;
using FastGate.Test.Commands.Install;
using FastGate.Test.StandIn;
using FastGate.Test.Support;

namespace FastGate.Test.Commands.Doctor;

/// <summary>A Mac made of scripts, on which a real gate and a stand-in for Ollama run. Healthy until a test breaks
/// it.</summary>
internal sealed class MacDoctorHarness : IAsyncDisposable
{
    private readonly StandInOllama _ollama;
    private readonly RunningGate _gate;
    private readonly HttpProbe _probe = new();

    private MacDoctorHarness(StandInOllama ollama, RunningGate gate)
    {
        (_ollama, _gate) = (ollama, gate);
        MacTools.WriteTo(Home);
        SetOutput("print-com.fastgate", MacTools.Running("com.fastgate"));
        SetOutput("print-com.ollama", MacTools.Running("com.ollama"));
        SetOutput("tailscale.json", LinuxTools.Status());
        SetOutput("lsof", Sockets("127.0.0.1", "u"));
        SetOutput("netstat", Table("127.0.0.1"));
        Home.Write(".local/bin/fastgate", "");
        Script.Write(
            Path.GetDirectoryName(Home.PathOf(".local/bin/fastgate"))!,
            "fastgate",
            $"#!/bin/sh\nexec {SourceTree.Program} \"$@\""
        );
        Home.Write("Library/LaunchAgents/com.ollama.plist", Scenario.OllamaAgent("127.0.0.1"));
        Home.Write(
            "Library/LaunchAgents/com.fastgate.plist",
            Scenario
                .OllamaAgent("127.0.0.1")
                .Replace("com.ollama", "com.fastgate", StringComparison.Ordinal)
                .Replace(
                    "/opt/homebrew/bin/ollama",
                    Home.PathOf(".local/bin/fastgate").Replace("&", "&amp;", StringComparison.Ordinal),
                    StringComparison.Ordinal
                )
        );
        Home.Write(
            ".config/fastgate/fastgate.json",
            $$"""{ "listen": ["{{gate.Endpoint}}"], "upstream": "{{ollama.Endpoint}}", "accessLog": "off" }"""
        );
    }

    public Home Home { get; } = new(isMac: true);

    public int OllamaPort => _ollama.Endpoint.Port;

    /// <summary>By path: Ollama's responses that differ from the usual.</summary>
    public Dictionary<string, StandInResponse> Overrides => _ollama.Overrides;

    private HostEnvironment Site =>
        Home.HostEnvironment with
        {
            Machine = Home.HostEnvironment.Machine with
            {
                Interfaces = [new InterfaceAddress("lo0", IPAddress.Loopback)],
            },
            Probe = _probe,
            Time = TimeProvider.System,
        };

    public static async Task<MacDoctorHarness> OpenAsync()
    {
        StandInOllama ollama = await StandInOllama.StartAsync();
        return new MacDoctorHarness(ollama, await RunningGate.StartAsync(ollama.Endpoint, Ways.Best, ["@seed"]));
    }

    public void SetOutput(string name, string text) => Home.WriteState(name, text);

    public void Forget(string name) => File.Delete(Path.Combine(Home.State, name));

    /// <summary>The output of lsof.</summary>
    public string Sockets(string address, string owner) =>
        $"p501\ncollama\nL{owner}\nf3\nn{address}:{OllamaPort}\np77\ncfastgate\nLu\nf9\nn{_gate.Endpoint}\nf10\nn[::1]:9999\n";

    /// <summary>The output of netstat.</summary>
    public string Table(string address) =>
        $"""
            Active Internet connections (including servers)
            Proto Recv-Q Send-Q  Local Address          Foreign Address        (state)
            tcp4       0      0  {address}.{OllamaPort}        *.*                    LISTEN
            tcp4       0      0  127.0.0.1.{_gate.Endpoint.Port}        *.*                    LISTEN
            tcp4       0      0  127.0.0.1.{OllamaPort}        127.0.0.1.50000        ESTABLISHED

            """;

    public async Task<DoctorReport> DiagnoseAsync()
    {
        (int code, string output) = await ShowAsync(json: true);
        return new DoctorReport(code, output);
    }

    public async Task<(int Code, string Output)> ShowAsync(bool json = false, bool verbose = false)
    {
        StringWriter @out = new();
        DoctorScreen screen = new(new Terminal(@out, @out), json, verbose);
        int code = await DoctorVerb.RunAsync(
            Site,
            ConfigPath.Find(null, Site.Machine),
            new GateFile(),
            new DoctorOptions { SkipModelTests = true },
            screen
        );
        return (code, @out.ToString().ReplaceLineEndings("\n"));
    }

    public async ValueTask DisposeAsync()
    {
        _probe.Dispose();
        await _gate.DisposeAsync();
        await _ollama.DisposeAsync();
        Home.Dispose();
    }
}
