using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using FastGate.Commands.Shared;
using FastGate.Proxy.Transport;

namespace FastGate.Commands.Warm;

/// <summary>Lists, pulls and loads models of Ollama, which it connects to directly rather than through a gate. Only
/// connecting and listing have a timeout.</summary>
internal sealed class OllamaClient : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ListTimeout = TimeSpan.FromSeconds(15);

    // Ollama's error for a model that only makes embeddings (server/routes.go: GenerateHandler).
    private const string NoGenerate = "does not support generate";

    private const string LlamaCpp = "llama.cpp";

    private readonly IPEndPoint _endPoint;
    private readonly HttpClient _client;

    public OllamaClient(IPEndPoint endPoint)
    {
        _endPoint = endPoint;
        _client = BoundedHttp.Client(
            new SocketsHttpHandler { ConnectTimeout = ConnectTimeout },
            Timeout.InfiniteTimeSpan
        );
        _client.BaseAddress = new Uri($"http://{endPoint}");
    }

    /// <summary>Lists the installed models.</summary>
    /// <exception cref="OllamaException">Ollama does not respond, or another server does.</exception>
    public async Task<IReadOnlyList<InstalledModel>> ModelsAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(ListTimeout);
        try
        {
            using HttpResponseMessage response = await SendAsync(HttpMethod.Get, "/api/tags", null, timeout.Token);
            using JsonDocument list = JsonDocument.Parse(await ReadTextAsync(response, timeout.Token));
            return [.. list.RootElement.GetProperty("models").EnumerateArray().Select(ReadModel)];
        }
        catch (Exception exception)
            when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new OllamaException(
                $"the server at {_endPoint} is not Ollama, and warm works only with Ollama",
                isAbsent: true
            );
        }
        catch (Exception exception) when (BoundedHttp.IsTooLong(exception))
        {
            throw TooLong("GET /api/tags");
        }
        catch (Exception exception)
            when (exception is IOException or HttpRequestException
                || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            )
        {
            throw new OllamaException($"Ollama does not respond at {_endPoint}", isAbsent: true);
        }
    }

    /// <summary>Pulls a model, and yields Ollama's progress lines up to "success".</summary>
    /// <exception cref="OllamaException">The pull failed, or the connection closed early.</exception>
    public async IAsyncEnumerable<PullLine> PullAsync(
        string model,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using HttpResponseMessage response = await SendAsync(
            HttpMethod.Post,
            "/api/pull",
            Content(json =>
            {
                json.WriteString("model", model);
                json.WriteBoolean("stream", true);
            }),
            cancellationToken
        );
        BoundedLines lines = new(await response.Content.ReadAsStreamAsync(cancellationToken));
        while (await ReadLineAsync(lines, cancellationToken) is { } text)
        {
            if (PullLine.Read(text) is not { } line)
                continue;
            if (line.Error is { } error)
                throw new OllamaException(error);
            yield return line;
            if (line.IsSuccess)
                yield break;
        }
        throw new OllamaException(
            "the connection to Ollama closed before the pull finished; run the same command to resume"
        );
    }

    /// <summary>Loads a model into memory, however long that takes.</summary>
    /// <exception cref="OllamaException">The model cannot be loaded.</exception>
    public async Task LoadAsync(string model, KeepAlive? keepAlive, CancellationToken cancellationToken)
    {
        try
        {
            // Without a prompt Ollama loads the model and returns.
            await PostAsync("/api/generate", json => json.WriteString("model", model), keepAlive, cancellationToken);
        }
        catch (OllamaException exception)
            when (exception.Status == 400 && exception.Message.Contains(NoGenerate, StringComparison.Ordinal))
        {
            // A model that only makes embeddings: make one to load it.
            await PostAsync(
                "/api/embed",
                json =>
                {
                    json.WriteString("model", model);
                    json.WriteString("input", "warm");
                },
                keepAlive,
                cancellationToken
            );
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task PostAsync(
        string path,
        Action<Utf8JsonWriter> members,
        KeepAlive? keepAlive,
        CancellationToken cancellationToken
    )
    {
        using HttpResponseMessage response = await SendAsync(
            HttpMethod.Post,
            path,
            Content(json =>
            {
                members(json);
                json.WriteBoolean("stream", false);
                keepAlive?.WriteTo(json);
            }),
            cancellationToken
        );
        try
        {
            PullLine? line = PullLine.Read(await ReadTextAsync(response, cancellationToken));
            if (line is null)
                throw new OllamaException($"POST {path} returned no JSON: is the server at {_endPoint} Ollama?");
            // An error after a successful head: the runner died during the load.
            if (line.Error is { } error)
                throw new OllamaException(error);
        }
        catch (Exception exception) when (BoundedHttp.IsTooLong(exception))
        {
            throw TooLong($"POST {path}");
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            throw new OllamaException("the connection to Ollama closed before the model was loaded");
        }
    }

    /// <summary>Sends a request and returns the successful response with its content unread.</summary>
    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        HttpContent? content,
        CancellationToken cancellationToken
    )
    {
        using HttpRequestMessage request = new(method, path) { Content = content };
        try
        {
            HttpResponseMessage response = await _client.SendAsync(
                request,
                HttpCompletionOption.ResponseHeadersRead,
                cancellationToken
            );
            if (
                response.Headers.NonValidated.TryGetValues("Server", out HeaderStringValues server)
                && server.ToString().StartsWith(LlamaCpp, StringComparison.OrdinalIgnoreCase)
            )
            {
                response.Dispose();
                throw new OllamaException(
                    $"the server at {_endPoint} is llama.cpp, which loads its model at startup; warm works only "
                        + "with Ollama"
                );
            }
            if (response.IsSuccessStatusCode)
                return response;
            using (response)
            {
                string text = await ReadTextAsync(response, cancellationToken);
                int status = (int)response.StatusCode;
                throw new OllamaException(
                    ErrorIn(text) ?? $"{method} {path} returned {status}: is the server at {_endPoint} Ollama?",
                    status: status
                );
            }
        }
        catch (Exception exception) when (BoundedHttp.IsTooLong(exception))
        {
            throw TooLong($"{method} {path}");
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError is not HttpRequestError.ConnectionError)
        {
            throw new OllamaException("the connection to Ollama closed before it responded");
        }
        catch (Exception exception)
            when (exception is HttpRequestException or IOException
                || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            )
        {
            // The connection was refused or timed out.
            throw new OllamaException($"Ollama does not respond at {_endPoint}", isAbsent: true);
        }
    }

    // Not ReadAsStringAsync, which throws for an unknown charset: JSON is UTF-8 (RFC 8259 §8.1), whatever the
    // Content-Type is.
    private static async Task<string> ReadTextAsync(
        HttpResponseMessage response,
        CancellationToken cancellationToken
    ) => Encoding.UTF8.GetString(await BoundedHttp.ReadAsync(response.Content, cancellationToken));

    private async Task<string?> ReadLineAsync(BoundedLines lines, CancellationToken cancellationToken)
    {
        try
        {
            return await lines.ReadAsync(cancellationToken);
        }
        catch (ResponseTooLongException)
        {
            throw TooLong("POST /api/pull");
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            // The connection closed in the middle of a chunk: the same as at the end of a line.
            return null;
        }
    }

    private static ByteArrayContent Content(Action<Utf8JsonWriter> members)
    {
        ArrayBufferWriter<byte> bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        ByteArrayContent content = new(bytes.WrittenSpan.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    private OllamaException TooLong(string request) =>
        new($"{request}: {BoundedHttp.TooLong}: is the server at {_endPoint} Ollama?");

    private static string? ErrorIn(string text) => PullLine.Read(text)?.Error;

    private static InstalledModel ReadModel(JsonElement model)
    {
        string text = model.GetProperty("name").GetString() ?? "";
        long bytes = model.TryGetProperty("size", out JsonElement size) && size.TryGetInt64(out long value) ? value : 0;
        return new InstalledModel(ModelName.TryParse(text, out string? name, out _) ? name : text, bytes);
    }
}

/// <summary>A request to Ollama failed. The message is for people but untrusted: escape it for a terminal.</summary>
internal sealed class OllamaException(string message, bool isAbsent = false, int status = 0) : Exception(message)
{
    /// <summary>Whether Ollama did not respond at all, rather than with an error.</summary>
    public bool IsAbsent => isAbsent;

    /// <summary>The HTTP status; 0 if there was no response, or if it failed after a successful head.</summary>
    public int Status => status;
}
