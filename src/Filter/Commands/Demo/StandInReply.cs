using System.Text;
using System.Text.Json;

namespace FastGate.Commands.Demo;

/// <summary>A response of the stand-in: bytes to send at once and, for a stream, the events that follow one by
/// one.</summary>
/// <param name="Bytes">Head and content, or the head of a chunked stream.</param>
/// <param name="Events">Null when the response is not a stream.</param>
internal readonly record struct StandInReply(ReadOnlyMemory<byte> Bytes, IReadOnlyList<string>? Events = null)
{
    public static StandInReply Whole(int status, string type, string content) =>
        new(Encoding.UTF8.GetBytes(HeadOf(status, type, content) + content));

    /// <summary>Builds the response to HEAD: the same head, without content (RFC 9110 §9.3.2).</summary>
    public static StandInReply HeadOnly(string type, string content) =>
        new(Encoding.UTF8.GetBytes(HeadOf(200, type, content)));

    public static StandInReply Stream(string type, IReadOnlyList<string> events) =>
        new(
            Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\nTransfer-Encoding: chunked\r\n\r\n"),
            events
        );

    /// <summary>
    /// Returns the response for an HTTP/1.0 client as Go's server writes it: with that version, and with
    /// <c>Connection: keep-alive</c> if the client asked for it.
    /// </summary>
    public StandInReply ForHttp10(bool keepAlive)
    {
        ReadOnlySpan<byte> afterVersion = Bytes.Span["HTTP/1.1"u8.Length..];
        int line = afterVersion.IndexOf("\r\n"u8) + 2;
        ReadOnlySpan<byte> option = keepAlive ? "Connection: keep-alive\r\n"u8 : default;
        return this with
        {
            Bytes = (byte[])[.. "HTTP/1.0"u8, .. afterVersion[..line], .. option, .. afterVersion[line..]],
        };
    }

    private static string HeadOf(int status, string type, string content) =>
        $"HTTP/1.1 {status} {Reason(status)}\r\nContent-Type: {type}\r\n"
        + $"Content-Length: {Encoding.UTF8.GetByteCount(content)}\r\n\r\n";

    private static string Reason(int status) =>
        status switch
        {
            200 => "OK",
            400 => "Bad Request",
            _ => "Not Found",
        };
}

/// <summary>The members of a chat request that the stand-in uses.</summary>
/// <param name="Model">The model's name; the stand-in's own if the request has none.</param>
/// <param name="Stream">Null if the request has no such member.</param>
internal readonly record struct ChatRequest(string Model, bool? Stream)
{
    /// <returns>False when the content is not a JSON object.</returns>
    public static bool TryParse(ReadOnlyMemory<byte> content, out ChatRequest request)
    {
        request = default;
        try
        {
            using JsonDocument document = JsonDocument.Parse(content);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                return false;
            request = new ChatRequest(ModelIn(root), StreamIn(root));
            return true;
        }
        catch (JsonException)
        {
            // A typo in a request written by hand: the response reports it.
            return false;
        }
    }

    private static string ModelIn(JsonElement root) =>
        root.TryGetProperty("model", out JsonElement model) && model.ValueKind == JsonValueKind.String
            ? model.GetString()!
            : StandInRoutes.Model;

    private static bool? StreamIn(JsonElement root) =>
        root.TryGetProperty("stream", out JsonElement stream)
        && stream.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? stream.GetBoolean()
            : null;
}
