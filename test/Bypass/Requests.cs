namespace FastGate.Test.Bypass;

/// <summary>The parts from which streams are built.</summary>
internal static class Requests
{
    public const string Pull = "POST /api/pull HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n";
    public const string Delete = "DELETE /api/delete HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n";
    public const string Pprof = "GET /debug/pprof/ HTTP/1.1\r\nHost: localhost\r\n\r\n";

    /// <summary>The requests that a stream tries to deliver to Ollama.</summary>
    public static readonly (string Name, string Text)[] Forbidden =
    [
        ("pull", Pull),
        ("delete", Delete),
        ("pprof", Pprof),
    ];

    /// <summary>An allowed request without content.</summary>
    public static string Tags => Head("GET /api/tags");

    /// <summary>A valid HTTP/1.1 head with these additional field lines.</summary>
    public static string Head(string methodAndTarget, params string[] fields) =>
        $"{methodAndTarget} HTTP/1.1\r\nHost: localhost\r\n{string.Concat(fields.Select(field => field + "\r\n"))}\r\n";

    /// <summary>An allowed request with these field lines and this content.</summary>
    public static string Show(string fields, string content) =>
        $"POST /api/show HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n\r\n{content}";

    public static string Chunk(string data) => $"{data.Length:x}\r\n{data}\r\n";

    public const string LastChunk = "0\r\n\r\n";

    /// <summary>A printable form of text that contains control bytes.</summary>
    public static string Visible(string text) =>
        string.Concat(
            text.Select(c =>
                c switch
                {
                    '\r' => "\\r",
                    '\n' => "\\n",
                    '\t' => "\\t",
                    < ' ' or > '~' => $"\\x{(int)c:x2}",
                    _ => c.ToString(),
                }
            )
        );
}
