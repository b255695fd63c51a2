using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace FastGate.Test.StandIn;

/// <summary>One request with its JSON content, and the ways to respond to it at the stand-in's pace.</summary>
internal sealed class Exchange(
    HttpContext context,
    Pace pace,
    ConcurrentQueue<(string Name, long Bytes)> installed,
    JsonElement content
)
{
    public CancellationToken Aborted => context.RequestAborted;

    /// <summary>The models that the stand-in has.</summary>
    public ConcurrentQueue<(string Name, long Bytes)> Installed => installed;

    public JsonElement Content { get; } = content;

    /// <summary>The last segment of the path, decoded.</summary>
    public string LastSegment => context.Request.Path.Value!.Split('/')[^1];

    /// <summary>The model that the content names, or empty.</summary>
    public string Model => Text("model") ?? Text("name") ?? "";

    public bool HasModel(string name) => installed.Any(model => model.Name == name);

    public string? Text(string name) =>
        Content.ValueKind == JsonValueKind.Object
        && Content.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    /// <summary>Whether the request selects a stream; the native API streams by default.</summary>
    public bool Streams(bool byDefault) =>
        Content.ValueKind == JsonValueKind.Object && Content.TryGetProperty("stream", out var value)
            ? value.ValueKind == JsonValueKind.True
            : byDefault;

    /// <summary>Whether the response text itself must be JSON.</summary>
    public bool WantsJson =>
        Content.ValueKind == JsonValueKind.Object && Content.TryGetProperty("response_format", out _);

    public Task JsonAsync(int status, string json) => WholeAsync(status, "application/json; charset=utf-8", json);

    public async Task WholeAsync(int status, string type, string text)
    {
        await pace.BeforeFirstByte(Aborted);
        var bytes = Encoding.UTF8.GetBytes(text);
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        if (!pace.ChunkedWhole)
            context.Response.ContentLength = bytes.Length;
        // A HEAD has the length of the GET and no content.
        if (HttpMethods.IsHead(context.Request.Method))
            return;
        Memory<byte> rest = bytes;
        if (pace.BeforeSecondHalf is { } pause)
        {
            int half = bytes.Length / 2;
            await context.Response.Body.WriteAsync(rest[..half], Aborted);
            await context.Response.Body.FlushAsync(Aborted);
            await pause(Aborted);
            rest = rest[half..];
        }
        await context.Response.Body.WriteAsync(rest, Aborted);
    }

    /// <summary>Closes the connection in the middle of the response.</summary>
    public void Abort() => context.Abort();

    /// <summary>
    /// Streams each part as its own chunk and its own write; the pace holds back the parts that are tokens.
    /// </summary>
    public async Task StreamAsync(string type, IEnumerable<(bool IsToken, string Text)> parts)
    {
        await pace.BeforeFirstByte(Aborted);
        context.Response.ContentType = type;
        int token = 0;
        foreach (var part in parts)
        {
            if (part.IsToken)
                await pace.BeforeToken(token++, Aborted);
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(part.Text), Aborted);
            await context.Response.Body.FlushAsync(Aborted);
        }
    }
}
