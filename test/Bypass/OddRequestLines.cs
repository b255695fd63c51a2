using static FastGate.Test.Bypass.Requests;

namespace FastGate.Test.Bypass;

/// <summary>Request lines that two readers split, end or name differently.</summary>
internal static class OddRequestLines
{
    private static readonly (string Why, string[] Lines)[] Groups =
    [
        ("a version that Go takes for HTTP/1.1, or not at all",
        [
            "POST /api/pull HTTP/1.2", "POST /api/pull HTTP/1.9", "POST /api/pull HTTP/2.0",
            "POST /api/pull HTTP/0.9", "POST /api/pull HTTP/1.01",
            "POST /api/pull HTTP/01.1", "POST /api/pull HTTP/1.", "POST /api/pull HTTP/1", "POST /api/pull HTTP/11",
            "POST /api/pull http/1.1",
            "POST /api/pull HTTPS/1.1", "POST /api/pull HTTP/1,1", "POST /api/pull HTTP/+1.1",
            "POST /api/pull HTTP 1.1", "POST /api/pull",
            "GET /api/tags HTTP/1.2", "GET /api/tags HTTP/3.0",
        ]),
        ("white space other than one space between the parts",
        [
            "POST  /api/pull HTTP/1.1", "POST /api/pull  HTTP/1.1", "POST\t/api/pull HTTP/1.1",
            "POST /api/pull\tHTTP/1.1", "POST /api/pull HTTP/1.1 ",
            "POST /api/pull HTTP/1.1\t", " POST /api/pull HTTP/1.1", "\tPOST /api/pull HTTP/1.1",
            "POST\u000b/api/pull HTTP/1.1", "POST\u000c/api/pull HTTP/1.1",
            "POST\u00a0/api/pull HTTP/1.1", "POST\r/api/pull HTTP/1.1", "POST /api/pull\rHTTP/1.1",
        ]),
        ("two targets, two versions",
        [
            "POST /api/show /api/pull HTTP/1.1", "POST /api/pull /api/show HTTP/1.1",
            "POST /api/pull HTTP/1.1 /api/show HTTP/1.1",
            "GET /api/tags HTTP/1.1 POST /api/pull HTTP/1.1", "POST /api/pull HTTP/1.1 HTTP/1.1",
            "GET POST /api/pull HTTP/1.1",
        ]),
        ("methods are tokens, and case matters",
        [
            "post /api/pull HTTP/1.1", "Post /api/show HTTP/1.1", "PUT /api/show HTTP/1.1",
            "PATCH /api/tags HTTP/1.1", "DELETE /api/tags HTTP/1.1",
            "TRACE /api/tags HTTP/1.1", "OPTIONS /api/tags HTTP/1.1", "CONNECT /api/pull HTTP/1.1",
            "CONNECT localhost:11434 HTTP/1.1",
            "GET\0 /debug/pprof/ HTTP/1.1", "G(ET /debug/pprof/ HTTP/1.1", "\"GET\" /debug/pprof/ HTTP/1.1",
            "GET: /debug/pprof/ HTTP/1.1",
            " /debug/pprof/ HTTP/1.1", "/debug/pprof/ HTTP/1.1", "G\u00c9T /api/tags HTTP/1.1",
            "HEAD /debug/pprof/ HTTP/1.1", "GETGET /api/tags HTTP/1.1",
        ]),
    ];

    private static readonly string[] Befores =
        ["\r\n", "\n", "\r", "\r\n\r\n", "\n\n\n\n", "\r\n\r\n\r\n\r\n\r\n", " ", "\t", "\0", "\u00ef\u00bb\u00bf",
            "\r\n ", " \r\n"];

    public static IEnumerable<HostileStream> All()
    {
        foreach (var (why, lines) in Groups)
            foreach (var line in lines)
                yield return new($"line {Visible(line)}", why,
                    $"{line}\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n{Pull}");

        foreach (var before in Befores)
        {
            yield return new($"{Visible(before)} before the first request", "nothing stands before a request line",
                before + Pull);
            yield return new($"{Visible(before)} before the second request",
                "Go skips some bytes after the content of a POST",
                Show("Content-Length: 2", "{}") + before + Pull);
        }
        yield return new("no head at all", "HTTP/0.9 has a line and nothing more", "GET /debug/pprof/\r\n", Pull);
        yield return new("a line as long as a head", "a reader that gives up must not go on behind it",
            $"GET /api/tags?{new string('a', 40_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n{Pull}");
        yield return new("a method as long as a head", "as above",
            $"{new string('A', 40_000)} /api/tags HTTP/1.1\r\nHost: localhost\r\n\r\n{Pull}");
    }
}
