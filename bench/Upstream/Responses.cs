using System.Text;

namespace FastGate.Bench.Upstream;

/// <summary>The responses of the upstream server, and the content by which a client recognizes them.</summary>
internal static class Responses
{
    private const string Json = "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\n";
    private const int ChatBytes = 1024;

    private static readonly byte[] ChatResponse = Whole(Encoding.ASCII.GetString(Pattern.From(0, ChatBytes)));

    /// <summary>The response to <c>GET /api/version</c>: Ollama's fields, 20 bytes of content.</summary>
    public static ReadOnlySpan<byte> Version =>
        "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: "u8
        + "20\r\n\r\n{\"version\":\"0.30.0\"}"u8;

    public static ReadOnlySpan<byte> VersionContent => "{\"version\":\"0.30.0\"}"u8;

    public static ReadOnlySpan<byte> Chat => ChatResponse;

    public static ReadOnlySpan<byte> ChatContent => Pattern.From(0, ChatBytes);

    public static ReadOnlySpan<byte> Differs => "HTTP/1.1 500 Differs\r\nContent-Length: 0\r\n\r\n"u8;

    public static ReadOnlySpan<byte> Unknown => "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"u8;

    public static ReadOnlySpan<byte> StreamHead =>
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: "u8
        + "no-cache\r\nTransfer-Encoding: chunked\r\n\r\n"u8;

    /// <summary>Returns the content that confirms an upload of this many correct bytes.</summary>
    public static string UploadedContent(long bytes) => $"{{\"right\":{bytes}}}";

    public static byte[] Uploaded(long bytes) => Whole(UploadedContent(bytes));

    public static byte[] DownloadHead(long bytes) => Encoding.ASCII.GetBytes($"{Json}Content-Length: {bytes}\r\n\r\n");

    private static byte[] Whole(string content) =>
        Encoding.ASCII.GetBytes($"{Json}Content-Length: {content.Length}\r\n\r\n{content}");
}
