using System.Text;

namespace FastGate.Proxy.Admin;

/// <summary>The bytes of a reply to a scrape. Each ends its connection.</summary>
internal static class AdminReply
{
    /// <summary>What was asked for.</summary>
    /// <param name="content">The content, whose length is also told to HEAD.</param>
    /// <param name="type">Its media type.</param>
    /// <param name="isHead">Without the content.</param>
    public static byte[] Of(byte[] content, string type, bool isHead) => Write(200, content, type, isHead);

    /// <summary>Why there is nothing.</summary>
    /// <param name="status">The status; 0 for a client that spoke TLS, which no reply could reach.</param>
    /// <param name="sentence">Without a final stop.</param>
    /// <param name="isHead">Without the content.</param>
    public static byte[] Problem(int status, string sentence, bool isHead = false) =>
        status == 0 ? [] : Write(status, Encoding.UTF8.GetBytes($"{sentence}.\n"), "text/plain; charset=utf-8", isHead);

    private static byte[] Write(int status, byte[] content, string type, bool isHead)
    {
        string head =
            $"HTTP/1.1 {status} {PhraseOf(status)}\r\n"
            + $"Content-Type: {type}\r\nContent-Length: {content.Length}\r\nCache-Control: no-store\r\n"
            + $"X-Content-Type-Options: "
            + $"nosniff\r\n{(status == 405 ? "Allow: GET, HEAD\r\n" : "")}Connection: close\r\n\r\n";
        return isHead ? Encoding.ASCII.GetBytes(head) : [.. Encoding.ASCII.GetBytes(head), .. content];
    }

    private static string PhraseOf(int status) =>
        status switch
        {
            200 => "OK",
            403 => "Forbidden",
            404 => "Not Found",
            405 => "Method Not Allowed",
            _ => "Refused",
        };
}
