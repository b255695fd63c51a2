using System.Text;
using FastGate.Proxy.Gate;
using FastGate.Proxy.Transport;
using FastGate.Test.Support;
using Microsoft.Extensions.Logging;

namespace FastGate.Test.Proxy.Gate;

/// <summary>A gate between raw clients and a raw upstream.</summary>
internal sealed class Scene : IAsyncDisposable
{
    public const string Get = "GET /api/version HTTP/1.1\r\nHost: gate\r\n\r\n";
    public const string Forbidden = "GET /api/ps HTTP/1.1\r\nHost: gate\r\n\r\n";
    public const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private readonly List<IDisposable> _opened = [];

    private Scene(RawUpstream upstream, RunningGate gate)
    {
        Upstream = upstream;
        Gate = gate;
    }

    public RawUpstream Upstream { get; }

    public RunningGate Gate { get; }

    public static async Task<Scene> StartAsync(
        Way way,
        Func<GateOptions, GateOptions>? change = null,
        TimeProvider? time = null,
        ILogger? log = null,
        ISocketCalls? calls = null
    )
    {
        RawUpstream upstream = new();
        GateOptions options = RunningGate.Options(upstream.Endpoint, way, ["@seed"]);
        return new Scene(
            upstream,
            await RunningGate.StartAsync(change is null ? options : change(options), time, log, calls)
        );
    }

    public static string Post(int length, string content = "") =>
        $"POST /v1/chat/completions HTTP/1.1\r\nHost: gate\r\nContent-Length: {length}\r\n\r\n{content}";

    public async Task<RawClient> ConnectAsync()
    {
        RawClient client = await RawClient.ConnectAsync(Gate.Endpoint);
        _opened.Add(client);
        return client;
    }

    /// <summary>The next upstream connection on which a byte has arrived.</summary>
    public async Task<RawConnection> NextUpstreamAsync()
    {
        RawConnection arrived = await Upstream.NextAsync();
        _opened.Add(arrived);
        return arrived;
    }

    /// <summary>Connects a client whose first exchange is complete; also returns its upstream connection.</summary>
    public async Task<(RawClient Client, RawConnection Upstream)> ConnectThroughAsync()
    {
        RawClient client = await ConnectAsync();
        await client.SendAsync(Get);
        RawConnection upstream = await NextUpstreamAsync();
        await upstream.RespondAsync();
        Assert.AreEqual("ok", (await client.ReadResponseAsync()).Text);
        return (client, upstream);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IDisposable opened in _opened)
            opened.Dispose();
        await Gate.DisposeAsync();
        Upstream.Dispose();
    }
}

/// <summary>What a raw upstream does in nearly every test.</summary>
internal static class RawConnectionExtensions
{
    /// <summary>Reads a head, and sends a response.</summary>
    public static async Task<string> RespondAsync(this RawConnection upstream, string response = Scene.Ok)
    {
        string head = await upstream.ReadHeadAsync();
        await upstream.SendAsync(Encoding.Latin1.GetBytes(response));
        return head;
    }

    public static async Task<string> ReadHeadAsync(this RawConnection upstream) =>
        Encoding.Latin1.GetString(await upstream.ReadThroughAsync("\r\n\r\n"u8.ToArray()));

    public static Task SendAsync(this RawConnection upstream, string latin1) =>
        upstream.SendAsync(Encoding.Latin1.GetBytes(latin1));
}
