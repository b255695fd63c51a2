using static FastGate.Test.Bypass.Requests;

namespace FastGate.Test.Bypass;

/// <summary>Valid streams: refusing one of them is also a fault.</summary>
internal static class PlainStreams
{
    private const string Large = "GET /debug/pprof/ HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private static readonly PlainRequest TagsRequest = new("GET", "/api/tags");

    public static IEnumerable<PlainStream> All()
    {
        yield return new("GET", Tags, TagsRequest);
        yield return new("HEAD", Head("HEAD /api/tags"), new PlainRequest("HEAD", "/api/tags"));
        yield return new(
            "a query",
            Head("GET /v1/models?limit=1000&x=%2F..%2F"),
            new PlainRequest("GET", "/v1/models?limit=1000&x=%2F..%2F")
        );
        yield return new("an empty query", Head("GET /v1/models?"), new PlainRequest("GET", "/v1/models?"));
        foreach (
            var model in (string[])
                ["qwen2.5-coder:32b", "qwen2.5-coder%3A32b", "a", "%61", "a%20b", "a..b", "...", "~a!$&'()*+,;=@-._"]
        )
            yield return new(
                $"the model {model}",
                Head($"GET /v1/models/{model}"),
                new PlainRequest("GET", $"/v1/models/{model}")
            );
        foreach (var path in (string[])["/v1/chat/completions", "/v1/responses", "/v1/messages?beta=true", "/api/show"])
            yield return new(
                $"POST {path}",
                Head($"POST {path}", "Content-Length: 2") + "{}",
                new PlainRequest("POST", path, "{}")
            );

        yield return Framed("a length of zero", "Content-Length: 0", "", "");
        yield return Framed("a length with leading zeros", "Content-Length: 0005", "hello", "hello");
        yield return Framed("content that is a request", $"Content-Length: {Large.Length}", Large, Large);
        yield return Framed("content of every byte", "Content-Length: 256", EveryByte, EveryByte);
        yield return Framed("one chunk", "Transfer-Encoding: chunked", Chunk("hello") + LastChunk, "hello");
        yield return Framed(
            "many chunks",
            "Transfer-Encoding: Chunked",
            string.Concat(Enumerable.Repeat(Chunk("ab"), 300)) + LastChunk,
            string.Concat(Enumerable.Repeat("ab", 300))
        );
        yield return Framed("no chunk", "transfer-encoding:chunked", LastChunk, "");
        yield return Framed(
            "chunk sizes in both cases and with zeros",
            "Transfer-Encoding: chunked",
            $"0a\r\n0123456789\r\n00A\r\n0123456789\r\n{LastChunk}",
            "01234567890123456789"
        );
        yield return Framed(
            "a chunk that is a request",
            "Transfer-Encoding: chunked",
            Chunk(Large) + Chunk("\r\n0\r\n\r\n") + LastChunk,
            Large + "\r\n0\r\n\r\n"
        );
        yield return Framed(
            "Expect: 100-continue without waiting",
            "Expect: 100-continue\r\nContent-Length: 5",
            "hello",
            "hello"
        );
        yield return Framed(
            "h2c offered, as Java's client does",
            "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: "
                + "AAEAAEAAAAIAAAAAAAMAAAAAAAQBAAAAAAUAAEAAAAYABgAA\r\nContent-Length: 2",
            "{}",
            "{}"
        );
        yield return new("a length of zero on GET", Head("GET /api/tags", "Content-Length: 0"), TagsRequest);

        yield return new(
            "lower-case names, no space, many spaces, empty values",
            "GET /api/tags HTTP/1.1\r\nhost:localhost\r\naccept:  \t */* \t\r\nx-empty:\r\nx-blank: \t \r\n\r\n",
            TagsRequest
        );
        yield return new(
            "values with tabs and with bytes above ASCII",
            Head("GET /api/tags", "X: a\tb", "Y: caf\u00e9", "Z: \u00ff\u0080"),
            TagsRequest
        );
        yield return new("names of every token byte", Head("GET /api/tags", "!#$%&'*+-.^_`|~09azAZ: a"), TagsRequest);
        yield return new("99 more field lines", Head("GET /api/tags", [.. Enumerable.Repeat("X: a", 99)]), TagsRequest);
        yield return new(
            "a head just under the limit",
            Head("GET /api/tags", [.. Enumerable.Repeat($"X: {new string('a', 7990)}", 4)]),
            TagsRequest
        );
        yield return new(
            "a field line just at the limit",
            Head("GET /api/tags", $"X: {new string('a', 8187)}"),
            TagsRequest
        );
        foreach (
            var host in (string[])
                [
                    "localhost",
                    "LOCALHOST:11434",
                    "127.0.0.1",
                    "[::1]:11434",
                    "host.docker.internal",
                    "mac.local",
                    "remote-ollama-proxy:11434",
                    "mac.tail1234.ts.net",
                ]
        )
            yield return new($"Host: {host}", $"GET /api/tags HTTP/1.1\r\nHost: {host}\r\n\r\n", TagsRequest);
        yield return new(
            "HTTP/1.0 with keep-alive",
            "GET /api/version HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n",
            new PlainRequest("GET", "/api/version")
        );
        yield return new(
            "a hundred pipelined requests",
            string.Concat(Enumerable.Repeat(Tags, 100)),
            [.. Enumerable.Repeat(TagsRequest, 100)]
        );
        yield return new(
            "mixed, pipelined",
            Tags
                + Show("Content-Length: 2", "{}")
                + Head("HEAD /api/version")
                + Show("Transfer-Encoding: chunked", Chunk("hi") + LastChunk)
                + Tags,
            TagsRequest,
            new("POST", "/api/show", "{}"),
            new("HEAD", "/api/version"),
            new("POST", "/api/show", "hi"),
            TagsRequest
        );
    }

    private static string EveryByte => string.Concat(Enumerable.Range(0, 256).Select(value => (char)value));

    private static PlainStream Framed(string name, string fields, string content, string arrives) =>
        new(name, Show(fields, content), new PlainRequest("POST", "/api/show", arrives));
}
