using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using FastGate.Proxy.Transport;

namespace FastGate.Commands.Warm;

/// <summary>Asks Ollama itself, not through a gate: what it has, to pull, and to load. Nothing has a time limit but to
/// connect and to list.</summary>
internal sealed class OllamaClient : IDisposable
{
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ListPatience = TimeSpan.FromSeconds(15);

    // What it says of a model that makes embeddings only (its server/routes.go: GenerateHandler).
    private const string NoGenerate = "does not support generate";

    private const string LlamaCpp = "llama.cpp";

    private readonly IPEndPoint _endPoint;
    private readonly HttpClient _client;

    public OllamaClient(IPEndPoint endPoint)
    {
        _endPoint = endPoint;
        _client = BoundedHttp.Client(
            new SocketsHttpHandler { ConnectTimeout = ConnectPatience },
            Timeout.InfiniteTimeSpan
        );
        _client.BaseAddress = new Uri($"http://{endPoint}");
    }

    /// <summary>What it has.</summary>
    /// <exception cref="OllamaException">It does not answer, or what answers is no Ollama.</exception>
    public async Task<IReadOnlyList<InstalledModel>> ModelsAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(ListPatience);
        try
        {
            using HttpResponseMessage answer = await SendAsync(HttpMethod.Get, "/api/tags", null, late.Token);
            using JsonDocument list = JsonDocument.Parse(await ReadTextAsync(answer, late.Token));
            return [.. list.RootElement.GetProperty("models").EnumerateArray().Select(ReadModel)];
        }
        catch (Exception foreign) when (foreign is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new OllamaException(
                $"what answers at {_endPoint} is no Ollama, and warm works only with Ollama",
                isAbsent: true
            );
        }
        catch (Exception endless) when (BoundedHttp.IsTooLong(endless))
        {
            throw TooLong("GET /api/tags");
        }
        catch (Exception cut)
            when (cut is IOException or HttpRequestException
                || (cut is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            )
        {
            throw new OllamaException($"Ollama does not answer at {_endPoint}", isAbsent: true);
        }
    }

    /// <summary>What it tells while it pulls, to the line that says success.</summary>
    /// <exception cref="OllamaException">It could not, or the connection ended before.</exception>
    public async IAsyncEnumerable<PullLine> PullAsync(
        string model,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using HttpResponseMessage answer = await SendAsync(
            HttpMethod.Post,
            "/api/pull",
            Content(json =>
            {
                json.WriteString("model", model);
                json.WriteBoolean("stream", true);
            }),
            cancellationToken
        );
        BoundedLines lines = new(await answer.Content.ReadAsStreamAsync(cancellationToken));
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
            "the connection to Ollama ended before the pull did; the same command goes on from there"
        );
    }

    /// <summary>Has it load the model into memory, however long that takes.</summary>
    /// <exception cref="OllamaException">It could not.</exception>
    public async Task LoadAsync(string model, KeepAlive? keepAlive, CancellationToken cancellationToken)
    {
        try
        {
            // Without a prompt it loads, and says so.
            await AskAsync("/api/generate", json => json.WriteString("model", model), keepAlive, cancellationToken);
        }
        catch (OllamaException no) when (no.Status == 400 && no.Message.Contains(NoGenerate, StringComparison.Ordinal))
        {
            // It makes embeddings only, and is loaded by making one.
            await AskAsync(
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

    private async Task AskAsync(
        string path,
        Action<Utf8JsonWriter> members,
        KeepAlive? keepAlive,
        CancellationToken cancellationToken
    )
    {
        using HttpResponseMessage answer = await SendAsync(
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
            PullLine? said = PullLine.Read(await ReadTextAsync(answer, cancellationToken));
            if (said is null)
                throw new OllamaException($"POST {path} is answered with no JSON: is this an Ollama at {_endPoint}?");
            // An error after the head: the runner died while it loaded.
            if (said.Error is { } error)
                throw new OllamaException(error);
        }
        catch (Exception endless) when (BoundedHttp.IsTooLong(endless))
        {
            throw TooLong($"POST {path}");
        }
        catch (Exception cut) when (cut is IOException or HttpRequestException)
        {
            throw new OllamaException("the connection to Ollama ended before the model was loaded");
        }
    }

    /// <summary>An answer that says yes, with its content still to be read.</summary>
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
            HttpResponseMessage answer = await _client.SendAsync(
                request,
                HttpCompletionOption.ResponseHeadersRead,
                cancellationToken
            );
            if (
                answer.Headers.NonValidated.TryGetValues("Server", out HeaderStringValues server)
                && server.ToString().StartsWith(LlamaCpp, StringComparison.OrdinalIgnoreCase)
            )
            {
                answer.Dispose();
                throw new OllamaException(
                    $"llama.cpp's server answers at {_endPoint}, and warm works only with Ollama: it "
                        + $"has had its model in memory since it started"
                );
            }
            if (answer.IsSuccessStatusCode)
                return answer;
            using (answer)
            {
                string text = await ReadTextAsync(answer, cancellationToken);
                throw new OllamaException(
                    ErrorIn(text)
                        ?? (
                            $"{method} {path} is answered with {(int)answer.StatusCode}: is this an Ollama "
                            + $"at {_endPoint}?"
                        ),
                    status: (int)answer.StatusCode
                );
            }
        }
        catch (Exception endless) when (BoundedHttp.IsTooLong(endless))
        {
            throw TooLong($"{method} {path}");
        }
        catch (HttpRequestException cut) when (cut.HttpRequestError is not HttpRequestError.ConnectionError)
        {
            throw new OllamaException("the connection to Ollama ended before it answered");
        }
        catch (Exception silence)
            when (silence is HttpRequestException or IOException
                || (silence is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            )
        {
            // Refused, or not connected in time.
            throw new OllamaException($"Ollama does not answer at {_endPoint}", isAbsent: true);
        }
    }

    // Not ReadAsStringAsync, which throws for a charset that it does not know: JSON is UTF-8 (RFC 8259 §8.1), whatever
    // is said.
    private static async Task<string> ReadTextAsync(HttpResponseMessage answer, CancellationToken cancellationToken) =>
        Encoding.UTF8.GetString(await BoundedHttp.ReadAsync(answer.Content, cancellationToken));

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
        catch (Exception cut) when (cut is IOException or HttpRequestException)
        {
            // In the middle of a chunk: an end like any other.
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
        new($"{request}: {BoundedHttp.TooLong}: is this an Ollama at {_endPoint}?");

    private static string? ErrorIn(string text) => PullLine.Read(text)?.Error;

    private static InstalledModel ReadModel(JsonElement model)
    {
        string said = model.GetProperty("name").GetString() ?? "";
        long bytes = model.TryGetProperty("size", out JsonElement size) && size.TryGetInt64(out long value) ? value : 0;
        return new InstalledModel(ModelName.TryParse(said, out string? name, out _) ? name : said, bytes);
    }
}

/// <summary>Ollama did not do what it was asked, in a sentence for people; what strangers put into it is not fit for a
/// terminal yet.</summary>
internal sealed class OllamaException(string message, bool isAbsent = false, int status = 0) : Exception(message)
{
    /// <summary>Nobody answered, rather than saying no.</summary>
    public bool IsAbsent => isAbsent;

    /// <summary>Of the answer; 0 if there was none, or if it had begun well.</summary>
    public int Status => status;
}
