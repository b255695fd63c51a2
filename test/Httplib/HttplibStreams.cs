using FastGate.Test.Bypass;
using FastGate.Test.Differential;

namespace FastGate.Test.Httplib;

/// <summary>
/// Streams in which cpp-httplib reads the content of an allowed request as a separate request. Each ends in an allowed
/// request that identifies the stream.
/// </summary>
internal static class HttplibStreams
{
    /// <summary>The requests that the streams try to deliver to the server.</summary>
    public const string Save = "POST /slots/0?action=save HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}";

    /// <summary>The rules of the gate that they are sent through, including some for methods without content.</summary>
    public static readonly string[] Allow = ["@seed", "OPTIONS /v1/models", "QUERY /v1/models", "CONNECT /v1/models"];

    private static readonly string Length = $"Content-Length: {Save.Length}\r\n";
    private static readonly string Chunks = Requests.Chunk(Save) + Requests.LastChunk;

    /// <summary>The streams, by the hole that they exploit.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<StreamCase>> ByKind { get; } =
        Texts()
            .Select((one, index) => (one.Kind, Cases: Cut(index, one)))
            .GroupBy(one => one.Kind)
            .ToDictionary(
                group => group.Key,
                group => (IReadOnlyList<StreamCase>)[.. group.SelectMany(one => one.Cases)]
            );

    public static bool IsForbidden(string path) => path is "/slots/0" or "/api/pull";

    /// <summary>
    /// A request with a field line of this length, CRLF excluded, and a forbidden request as content.
    /// </summary>
    public static string LongLine(
        int bytes,
        bool lengthFirst = false,
        string methodAndTarget = "POST /v1/chat/completions"
    )
    {
        string cookie = $"Cookie: {new string('c', bytes - "Cookie: ".Length)}\r\n";
        return $"{methodAndTarget} HTTP/1.1\r\nHost: "
            + $"localhost\r\n{(lengthFirst ? Length + cookie : cookie + Length)}\r\n{Save}";
    }

    private static IEnumerable<(string Kind, string Text)> Texts()
    {
        foreach (int bytes in (int[])[8191, 8192, 8193, 8194, 8500, 9000, 12_288, 16_384, 30_000])
        {
            yield return ("a long field line", LongLine(bytes));
            yield return ("a long field line", LongLine(bytes, lengthFirst: true));
            yield return (
                "a long field name",
                $"POST /api/show HTTP/1.1\r\nHost: localhost\r\n{new string('n', bytes - 1)}:\r\n{Length}\r\n{Save}"
            );
        }
        for (int bytes = 8191; bytes < 8196; bytes++)
        {
            const string rest = "POST /api/show? HTTP/1.1";
            yield return (
                "a long request line",
                $"POST /api/show?{new string('q', bytes - rest.Length)} HTTP/1.1\r\nHost: "
                    + $"localhost\r\n{Length}\r\n{Save}"
            );
        }
        foreach (
            string methodAndTarget in (string[])
                ["GET /v1/models", "HEAD /v1/models", "OPTIONS /v1/models", "GET /v1/models/a?x=y"]
        )
        {
            yield return (
                "content that no method announces",
                $"{methodAndTarget} HTTP/1.1\r\nHost: localhost\r\n{Length}\r\n{Save}"
            );
            yield return (
                "content that no method announces",
                $"{methodAndTarget} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n{Chunks}"
            );
            yield return (
                "content that no method announces",
                $"{methodAndTarget} HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n{Length}\r\n{Save}"
            );
        }
        foreach (string method in (string[])["QUERY", "CONNECT"])
            yield return (
                "a method that the server does not know",
                $"{method} /v1/models HTTP/1.1\r\nHost: localhost\r\n{Length}\r\n{Save}"
            );
        yield return (
            "many field lines",
            $"POST /api/show HTTP/1.1\r\nHost: "
                + $"localhost\r\n{string.Concat(Enumerable.Repeat("X: y\r\n", 99))}{Length}\r\n{Save}"
        );
    }

    /// <summary>The cuts: none, before the content, and around every line end.</summary>
    private static IEnumerable<StreamCase> Cut(int index, (string Kind, string Text) one)
    {
        string text = one.Text + Grammar.Tail(index);
        int content = text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        yield return new StreamCase(index, one.Kind, text, []);
        yield return new StreamCase(index, one.Kind, text, [content]);
        yield return new StreamCase(index, one.Kind, text, [content, one.Text.Length]);
        for (
            int end = text.IndexOf('\n', StringComparison.Ordinal);
            end >= 0 && end < content;
            end = text.IndexOf('\n', end + 1)
        )
        {
            // For a hundred similar lines, a few suffice.
            if (one.Kind == "many field lines" && end % 50 > 0)
                continue;
            for (int cut = end - 2; cut <= end + 2; cut++)
                yield return new StreamCase(index, one.Kind, text, [cut]);
        }
    }
}
