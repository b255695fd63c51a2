using System.Text;
using FastGate.Bench.Children;
using FastGate.Bench.Upstream;

namespace FastGate.Bench.Load;

/// <summary>The requests of the workloads.</summary>
internal static class Requests
{
    // The recorded Claude Code request announces 47 593 bytes of content; the query selects the upstream server's
    // response.
    private const string ChatHead = "captures/claude-code-2.1.329/02-POST-v1-messages-beta-true.http";

    public static ReadOnlySpan<byte> Version =>
        "GET /api/version HTTP/1.1\r\nHost: 127.0.0.1:11434\r\nUser-Agent: bench\r\nAccept: */*\r\n\r\n"u8;

    public static byte[] Chat()
    {
        string head = File.ReadAllText(Programs.Beside(ChatHead), Encoding.ASCII)
            .Replace("?beta=true", "?beta=true&work=chat", StringComparison.Ordinal);
        int length = (int)WorkRequest.Read(Encoding.ASCII.GetBytes(head)).ContentLength;
        return [.. Encoding.ASCII.GetBytes(head), .. Pattern.From(0, length)];
    }

    public static byte[] Tokens(int count, int gapMilliseconds) =>
        Post($"/v1/chat/completions?work=tokens&count={count}&gap={gapMilliseconds}", 0);

    public static byte[] Silence(int milliseconds, long id) =>
        Post($"/v1/chat/completions?work=silence&ms={milliseconds}&id={id}", 0);

    public static byte[] UploadHead(long bytes) => Post("/v1/responses?work=upload", bytes);

    public static byte[] Download(long bytes) =>
        Encoding.ASCII.GetBytes(
            $"GET /v1/models/bulk?work=download&bytes={bytes} HTTP/1.1\r\nHost: 127.0.0.1:11434\r\nAccept: */*\r\n\r\n"
        );

    private static byte[] Post(string target, long bytes) =>
        Encoding.ASCII.GetBytes(
            $"POST {target} HTTP/1.1\r\nHost: 127.0.0.1:11434\r\nContent-Type: "
                + $"application/json\r\nContent-Length: {bytes}\r\n\r\n"
        );
}
