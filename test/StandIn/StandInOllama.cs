using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace FastGate.Test.StandIn;

/// <summary>
/// A stand-in for Ollama on a loopback port: its routes, shapes and Host check, at a settable pace, recording all.
/// </summary>
internal sealed class StandInOllama : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly RouteTable routes = new();

    private StandInOllama(WebApplication app)
    {
        this.app = app;
        NativeRoutes.AddTo(routes);
        OpenAiRoutes.AddTo(routes);
        ResponsesRoutes.AddTo(routes);
        AnthropicRoutes.AddTo(routes);
        ManagementRoutes.AddTo(routes);
    }

    public IPEndPoint Endpoint => new(IPAddress.Loopback, new Uri(app.Urls.Single()).Port);

    /// <summary>Read at the begin of each request.</summary>
    public Pace Pace { get; set; } = new();

    public SeenRequests Seen { get; } = new();

    public static async Task<StandInOllama> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(Configure);
        var standIn = new StandInOllama(builder.Build());
        standIn.app.Run(standIn.AnswerAsync);
        await standIn.app.StartAsync();
        return standIn;
    }

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await app.StopAsync(atOnce.Token);
        await app.DisposeAsync();
    }

    // Ollama sets no limit and no timeout on its side.
    private static void Configure(KestrelServerOptions options)
    {
        options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        options.AddServerHeader = false;
        options.Limits.MaxRequestBodySize = null;
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        options.Limits.KeepAliveTimeout = Timeout.InfiniteTimeSpan;
        options.Limits.RequestHeadersTimeout = Timeout.InfiniteTimeSpan;
        options.Limits.MaxRequestHeaderCount = 1000;
        options.Limits.MaxRequestHeadersTotalSize = 1 << 20;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        try
        {
            var host = context.Request.Host;
            if (!await Recorder.RecordAsync(context, Seen)) context.Abort();
            else if (!AllowedHosts.Allows(host)) context.Response.StatusCode = 403;
            else if (HttpMethods.IsOptions(context.Request.Method) && AllowedHosts.IsName(host.Host)) context.Response.StatusCode = 204;
            else await RouteAsync(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client went away, and the recorder has said so.
        }
    }

    private async Task RouteAsync(HttpContext context)
    {
        JsonDocument? content = null;
        try
        {
            if (context.Request.Body.Length > 0) content = await JsonDocument.ParseAsync(context.Request.Body);
        }
        catch (JsonException)
        {
            // Not JSON: Ollama would answer 400; here a route that needs a model says that it is missing.
        }
        using (content)
        {
            var exchange = new Exchange(context, Pace, content?.RootElement ?? default);
            await routes.AnswerAsync(context.Request.Method, context.Request.Path.Value ?? "", exchange);
        }
    }
}
