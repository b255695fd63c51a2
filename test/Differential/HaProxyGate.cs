using System.Net;
using System.Net.Sockets;
using FastGate.Test.Support;

namespace FastGate.Test.Differential;

/// <summary>HAProxy with the allowlist that FastGate replaces: path prefixes, any method.</summary>
internal sealed class HaProxyGate : IAsyncDisposable
{
    private readonly ChildProcess _process;
    private readonly string _folder;

    private HaProxyGate(ChildProcess process, string folder, IPEndPoint endpoint)
    {
        _process = process;
        _folder = folder;
        Endpoint = endpoint;
    }

    public IPEndPoint Endpoint { get; }

    public static async Task<HaProxyGate> StartAsync(IPEndPoint upstream)
    {
        string program = Required.Tool("haproxy");
        string folder = Directory.CreateTempSubdirectory("fastgate-haproxy-").FullName;
        var endpoint = Ports.FreeEndPoint();
        string config = Path.Combine(folder, "haproxy.cfg");
        await File.WriteAllTextAsync(config, Config(endpoint, upstream));
        var gate = new HaProxyGate(ChildProcess.Start(program, ["-db", "-f", config]), folder, endpoint);
        await gate.ListensAsync();
        return gate;
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Config(IPEndPoint endpoint, IPEndPoint upstream) =>
        $"""
            global
                maxconn 2000
            defaults
                mode http
                timeout connect 5s
                timeout client 300s
                timeout server 300s
            frontend gate
                bind {endpoint}
                acl allowed path_beg /v1/chat/completions /v1/models /v1/responses /v1/messages
                acl allowed path /api/version /api/tags /api/show
                use_backend ollama if allowed
                default_backend blocked
            backend ollama
                server ollama {upstream}
            backend blocked
                http-request deny

            """;

    // HAProxy does not report when it listens: connect until that succeeds, within the deadline of a step.
    private async Task ListensAsync()
    {
        using var deadline = new CancellationTokenSource(StepDeadline.Longest);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await AnswersAsync())
            await tick.WaitForNextTickAsync(deadline.Token);
    }

    private async Task<bool> AnswersAsync()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await probe.ConnectAsync(Endpoint);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
