using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FastGate.Test.Commands.Warm;

/// <summary>A stand-in for Ollama that pulls and loads models, or fails in the way that a test sets for a model.</summary>
internal sealed class PullingOllama : IAsyncDisposable
{
    private readonly WebApplication _app;

    private PullingOllama(WebApplication app) => _app = app;

    public IPEndPoint Endpoint => new(IPAddress.Loopback, new Uri(_app.Urls.Single()).Port);

    /// <summary>The installed models, with their sizes.</summary>
    public ConcurrentDictionary<string, long> Models { get; } = new();

    /// <summary>By model: replaces the response to a pull.</summary>
    public Dictionary<string, Func<HttpContext, Task>> Pulls { get; } = [];

    /// <summary>By model: replaces the response to a load.</summary>
    public Dictionary<string, Func<HttpContext, Task>> Loads { get; } = [];

    /// <summary>Path and content of each request, in order.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public static async Task<PullingOllama> StartAsync(params string[] models)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0));
        PullingOllama ollama = new(builder.Build());
        foreach (string model in models)
            ollama.Models[model] = 4_900_000_000;
        ollama._app.Run(ollama.RespondAsync);
        await ollama._app.StartAsync();
        return ollama;
    }

    public static Func<HttpContext, Task> Respond(int status, string text) =>
        async context =>
        {
            context.Response.StatusCode = status;
            await context.Response.WriteAsync(text);
        };

    /// <summary>Sends some lines, then aborts the connection.</summary>
    public static Func<HttpContext, Task> Cut(params string[] lines) =>
        async context =>
        {
            foreach (string line in lines)
                await context.Response.WriteAsync(line + "\n");
            await context.Response.Body.FlushAsync();
            context.Abort();
        };

    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource immediately = new();
        await immediately.CancelAsync();
        await _app.StopAsync(immediately.Token);
        await _app.DisposeAsync();
    }

    private async Task RespondAsync(HttpContext context)
    {
        using StreamReader reader = new(context.Request.Body, Encoding.UTF8);
        string content = await reader.ReadToEndAsync();
        Requests.Enqueue($"{context.Request.Method} {context.Request.Path} {content}".TrimEnd());
        string model = content.Length == 0 ? "" : ModelIn(content);
        Task response = context.Request.Path.Value switch
        {
            "/api/tags" => context.Response.WriteAsync(
                $$"""{"models":[{{string.Join(',', Models.Select(has => $$"""{"name":"{{has.Key}}","size":{{has.Value}}}"""))}}]}"""
            ),
            "/api/pull" => Pulls.GetValueOrDefault(model, PullAsync)(context),
            "/api/generate" => Loads.GetValueOrDefault(model, Respond(200, """{"done":true,"done_reason":"load"}"""))(
                context
            ),
            "/api/embed" => context.Response.WriteAsync("""{"embeddings":[[0.5]]}"""),
            _ => Respond(404, "404 page not found")(context),
        };
        await response;

        async Task PullAsync(HttpContext pull)
        {
            foreach (string line in PullLines)
                await pull.Response.WriteAsync(line + "\n");
            Models[model] = 2_000_001_000;
        }
    }

    private static readonly string[] PullLines =
    [
        """{"status":"pulling manifest"}""",
        """{"status":"pulling aaaa","digest":"sha256:aaaa","total":2000000000}""",
        """{"status":"pulling aaaa","digest":"sha256:aaaa","total":2000000000,"completed":1000000000}""",
        """{"status":"pulling aaaa","digest":"sha256:aaaa","total":2000000000,"completed":2000000000}""",
        """{"status":"pulling bbbb","digest":"sha256:bbbb","total":1000,"completed":1000}""",
        """{"status":"verifying sha256 digest"}""",
        """{"status":"writing manifest"}""",
        """{"status":"success"}""",
    ];

    private static string ModelIn(string content)
    {
        using JsonDocument document = JsonDocument.Parse(content);
        return document.RootElement.GetProperty("model").GetString()!;
    }
}
