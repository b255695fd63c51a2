using static FastGate.Test.Bypass.Requests;

namespace FastGate.Test.Bypass;

/// <summary>
/// Content where a parser may expect none: Go reads it as content, so a gate that does not would mistake it for a
/// request.
/// </summary>
internal static class UnexpectedContent
{
    private static readonly (string Why, string Fields)[] Expectations =
    [
        ("Expect: 100-continue without waiting", "Expect: 100-continue"),
        ("any case", "expect: 100-CONTINUE"),
        ("an expectation that Go refuses", "Expect: 200-ok"),
        ("an empty expectation", "Expect:"),
        ("two expectations", "Expect: 100-continue\r\nExpect: 100-continue"),
        ("a list of expectations", "Expect: 100-continue, x"),
    ];

    private static readonly (string Why, string Fields)[] Upgrades =
    [
        (
            "Go ignores h2c",
            "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA"
        ),
        ("h2c without its settings", "Connection: Upgrade\r\nUpgrade: h2c"),
        (
            "no tunnel is opened",
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: "
                + "13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
        ),
        (
            "no tunnel is opened, whatever the version",
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 1337"
        ),
        ("no TLS is started", "Connection: Upgrade\r\nUpgrade: TLS/1.0"),
        ("no protocol to upgrade to", "Connection: Upgrade"),
        ("an upgrade that Connection does not list", "Upgrade: h2c"),
    ];

    private static readonly string[] Methods =
    [
        "GET /api/tags",
        "HEAD /api/tags",
        "GET /v1/models/a",
        "HEAD /api/version",
    ];

    public static IEnumerable<HostileStream> All()
    {
        foreach (var (name, forbidden) in Forbidden)
        {
            var length = $"Content-Length: {forbidden.Length}";
            foreach (var method in Methods)
            {
                yield return new(
                    $"{name} as content of {method}, and after it",
                    "content counts on GET and HEAD",
                    Head(method, length) + forbidden + forbidden
                );
                yield return new(
                    $"{name} after {method} with a length that is too short",
                    "as above",
                    Head(method, "Content-Length: 1") + "x" + forbidden
                );
            }
            foreach (var (why, fields) in Expectations)
                yield return new(
                    $"{name} with {Visible(fields)}, and after it",
                    why,
                    Show($"{fields}\r\n{length}", forbidden + forbidden)
                );
            foreach (var (why, fields) in Upgrades)
            {
                yield return new(
                    $"{name} after GET with {Visible(fields)}",
                    why,
                    Head("GET /api/tags", fields),
                    forbidden
                );
                yield return new(
                    $"{name} after POST with {Visible(fields)}",
                    why,
                    Show($"{fields}\r\nContent-Length: 2", "{}" + forbidden)
                );
            }
        }
        yield return new(
            "pull instead of the awaited content",
            "the content counts, sent or not",
            Show("Expect: 100-continue\r\nContent-Length: 5", ""),
            Pull
        );
        yield return new(
            "pull after a refused expectation",
            "a refusal is not the end of the connection",
            Show("Expect: x\r\nContent-Length: 5", ""),
            "hello" + Pull
        );
        yield return new(
            "pull after Expect without content",
            "nothing is expected",
            Head("GET /api/tags", "Expect: 100-continue") + Pull
        );
    }
}
