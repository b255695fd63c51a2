using static FastGate.Test.Bypass.Requests;

namespace FastGate.Test.Bypass;

/// <summary>Host in odd forms, fields that override the request line elsewhere, and heads past every limit.</summary>
internal static class OddFields
{
    private static readonly (string Why, string[] Heads)[] Groups =
    [
        ("exactly one Host, a name and a port",
        [
            "Host: localhost\r\nHost: localhost", "Host: localhost\r\nhost: evil", "Host:", "Host: ", "X: no host",
            "Host: localhost/api/pull", "Host: localhost#", "Host: localhost?x",
            "Host: a@localhost", "Host: localhost:port", "Host: localhost:11434:1", "Host: localhost, evil",
            "Host: [::1", "Host: ::1", "Host: local host", "Host: localhost\t", "Host: %6cocalhost",
            "Host: http://localhost", "Host: localhost\\evil", "Host: evil.example", "Host: \u00e9", "Host: *",
        ]),
        ("the request line decides, whatever a field says",
        [
            "Host: localhost\r\nX-HTTP-Method-Override: DELETE", "Host: localhost\r\nX-Original-URL: /api/pull",
            "Host: localhost\r\nX-Rewrite-URL: /api/pull",
            "Host: localhost\r\nX-Forwarded-Prefix: /api/pull", "Host: localhost\r\n:path: /api/pull",
            "Host: localhost\r\n:method: POST", "Host: localhost\r\nX-Forwarded-Host: evil",
        ]),
    ];

    public static IEnumerable<HostileStream> All()
    {
        foreach (var (why, heads) in Groups)
            foreach (var fields in heads)
                yield return new($"field {Visible(fields)}", why, $"GET /api/tags HTTP/1.1\r\n{fields}\r\n\r\n{Pull}");

        foreach (var count in (int[])[100, 101, 1_000, 20_000])
        {
            yield return new($"a coding behind {count} field lines",
                "a scanner that stops looking after its cap is blind",
                Show($"{string.Concat(Enumerable.Repeat("X: a\r\n", count))}Transfer-Encoding: chunked",
                    Chunk("a") + LastChunk + Pull));
            yield return new($"a length behind {count} field lines", "as above",
                Show($"{string.Concat(Enumerable.Repeat("X: a\r\n", count))}Content-Length: {Pull.Length}",
                    Pull + Pull));
        }
        foreach (var bytes in (int[])[8_190, 32_700, 32_768, 65_536, 900_000])
        {
            yield return new($"a field of {bytes} bytes", "a head past the limit is no head",
                Show($"X: {new string('a', bytes)}\r\nContent-Length: 0", Pull));
            yield return new($"a query of {bytes} bytes", "a line past the limit is no line",
                Head($"GET /api/tags?{new string('a', bytes)}") + Pull);
        }
    }
}
