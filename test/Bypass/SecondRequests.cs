using static FastGate.Test.Bypass.Requests;

namespace FastGate.Test.Bypass;

/// <summary>
/// Streams against a gate that examines only the first request of a connection: a forbidden request follows an allowed
/// or refused one.
/// </summary>
internal static class SecondRequests
{
    private const string Why =
        "each request of a connection is authorized separately, whatever framed the previous one";

    private static readonly (string Name, string Text)[] Firsts =
    [
        ("GET", Tags),
        ("HEAD, whose response has a length and no content", Head("HEAD /api/tags")),
        ("GET with keep-alive", Head("GET /api/version", "Connection: keep-alive")),
        ("POST without content", Show("Content-Length: 0", "")),
        ("POST with no framing at all", Head("POST /api/show")),
        ("POST with content", Show("Content-Length: 5", "hello")),
        ("POST with content that resembles a head", Show("Content-Length: 25", "GET /api/tags HTTP/1.1\r\n\r")),
        ("POST in chunks", Show("Transfer-Encoding: chunked", Chunk("hello") + Chunk("world") + LastChunk)),
        ("POST in no chunks", Show("Transfer-Encoding: chunked", LastChunk)),
        ("GET with content", Head("GET /api/tags", "Content-Length: 5") + "hello"),
        ("POST with a streamed response", Head("POST /v1/chat/completions", "Content-Length: 2") + "{}"),
        ("HTTP/1.0 with keep-alive", "GET /api/version HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"),
        ("a refused request", Head("GET /api/nothing")),
        ("a refused request with content", Head("POST /api/nothing", "Content-Length: 5") + "hello"),
        (
            "a refused request in chunks",
            Head("POST /api/nothing", "Transfer-Encoding: chunked") + Chunk("hello") + LastChunk
        ),
        ("a forbidden request", Pull),
        ("OPTIONS *", "OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    ];

    public static IEnumerable<HostileStream> All()
    {
        foreach (var (first, text) in Firsts)
        {
            foreach (var (name, forbidden) in Forbidden)
                yield return new($"{name} pipelined after {first}", Why, text + forbidden);
            yield return new($"pull after the response to {first}", Why, text, Pull);
        }
        foreach (var count in (int[])[2, 3, 10, 100])
        {
            yield return new($"pull as request {count + 1}", Why, string.Concat(Enumerable.Repeat(Tags, count)) + Pull);
            yield return new(
                $"pull as request {count + 1}, one by one",
                Why,
                [.. Enumerable.Repeat(Tags, count), Pull]
            );
        }
        yield return new("pull between allowed requests", Why, Tags + Pull + Tags + Delete + Tags + Pprof + Tags);
        yield return new(
            "pull cut in its target",
            "a head may arrive in pieces",
            Tags,
            "POST /api/pu",
            "ll HTTP/1.1\r\nHost: localhost\r\n\r\n"
        );
        yield return new(
            "pull cut after a target that is allowed",
            "a part of a target is not the target",
            "POST /api/show",
            "/../pull HTTP/1.1\r\nHost: localhost\r\n\r\n"
        );
    }
}
