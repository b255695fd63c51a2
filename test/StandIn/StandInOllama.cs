using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using FastGate.Test.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace FastGate.Test.StandIn;

/// <summary>
/// A stand-in for Ollama on a loopback port: its routes, response formats and Host check, at a configurable pace. It
/// records every request. A test chooses the installed models, and can replace a route's response.
/// </summary>
internal sealed class StandInOllama : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly RouteTable _routes = new();

    private StandInOllama(WebApplication app)
    {
        _app = app;
        NativeRoutes.AddTo(_routes);
        OpenAiRoutes.AddTo(_routes);
        ResponsesRoutes.AddTo(_routes);
        AnthropicRoutes.AddTo(_routes);
        ManagementRoutes.AddTo(_routes);
    }

    public IPEndPoint Endpoint => new(IPAddress.Loopback, new Uri(_app.Urls.Single()).Port);

    /// <summary>Read at the start of each request.</summary>
    public Pace Pace { get; set; } = new();

    public ReceivedRequests Received { get; } = new();

    /// <summary>
    /// By path, or by path and model as in <c>/api/pull tiny:latest</c>: the response that replaces the route's, such as
    /// an older Ollama's 404.
    /// </summary>
    public Dictionary<string, StandInResponse> Overrides { get; } = [];

    /// <summary>The installed models; a pull adds one.</summary>
    public ConcurrentQueue<(string Name, long Bytes)> Installed { get; } =
        new(Models.All.Select(name => (name, Models.Bytes)));

    /// <summary>The allowed web origins; null for all, as with OLLAMA_ORIGINS=*.</summary>
    public Func<string, bool>? Origins { get; set; }

    public static Task<StandInOllama> StartAsync() => StartAsync(new IPEndPoint(IPAddress.Loopback, 0));

    /// <summary>Starts a stand-in at a given address, optionally in another network namespace.</summary>
    public static async Task<StandInOllama> StartAsync(IPEndPoint at, NetNamespace? network = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => Configure(options, at));
        if (network is not null)
            builder.WebHost.UseSockets(sockets => sockets.CreateBoundListenSocket = _ => network.Make(() => Bind(at)));
        var standIn = new StandInOllama(builder.Build());
        standIn._app.Run(standIn.RespondAsync);
        await standIn._app.StartAsync();
        return standIn;
    }

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
    }

    // Ollama sets no limit and no timeout. The timeout here is a day, since Kestrel's sum of now and an infinite
    // timeout overflows, and its next heartbeat would then end every waiting connection (with 408 or a close).
    private static void Configure(KestrelServerOptions options, IPEndPoint at)
    {
        options.Listen(at, listen => listen.Protocols = HttpProtocols.Http1);
        options.AddServerHeader = false;
        options.Limits.MaxRequestBodySize = null;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        options.Limits.KeepAliveTimeout = TimeSpan.FromDays(1);
        options.Limits.RequestHeadersTimeout = TimeSpan.FromDays(1);
        options.Limits.MaxRequestHeaderCount = 1000;
        options.Limits.MaxRequestHeadersTotalSize = 1 << 20;
    }

    private static Socket Bind(IPEndPoint at)
    {
        Socket socket = new(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(at);
        return socket;
    }

    private async Task RespondAsync(HttpContext context)
    {
        try
        {
            var host = context.Request.Host;
            if (!await Recorder.RecordAsync(context, Received))
                context.Abort();
            else if (!AllowedHosts.Allows(host))
                context.Response.StatusCode = 403;
            else if (context.Request.Headers.Origin is [{ } origin] && Origins?.Invoke(origin) == false)
                context.Response.StatusCode = 403;
            else if (HttpMethods.IsOptions(context.Request.Method) && AllowedHosts.IsName(host.Host))
                context.Response.StatusCode = 204;
            else
                await RouteAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client disconnected; the recorder has noted it.
        }
    }

    private async Task RouteAsync(HttpContext context)
    {
        JsonDocument? content = null;
        try
        {
            if (context.Request.Body.Length > 0)
                content = await JsonDocument.ParseAsync(context.Request.Body);
        }
        catch (JsonException)
        {
            // Not JSON: Ollama would respond with 400; here a route that needs a model reports it as missing.
        }
        using (content)
        {
            var exchange = new Exchange(context, Pace, Installed, content?.RootElement ?? default);
            var path = context.Request.Path.Value ?? "";
            if (
                Overrides.TryGetValue($"{path} {exchange.Model}", out var replacement)
                || Overrides.TryGetValue(path, out replacement)
            )
                await replacement.SendAsync(exchange);
            else
                await _routes.RespondAsync(context.Request.Method, path, exchange);
        }
    }
}
