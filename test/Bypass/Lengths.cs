using static FastGate.Test.Bypass.Requests;

namespace FastGate.Test.Bypass;

/// <summary>Content-Length in forms that two parsers read differently; the content is a forbidden request.</summary>
internal static class Lengths
{
    /// <summary>N stands for the length of the hidden request.</summary>
    private static readonly (string Why, string[] Fields)[] Groups =
    [
        (
            "a sign, a base, an exponent, a fraction",
            [
                "Content-Length: +N",
                "Content-Length: -N",
                "Content-Length: -0",
                "Content-Length: +0",
                "Content-Length: 0xN",
                "Content-Length: 0N",
                "Content-Length: 0e1",
                "Content-Length: N.0",
                "Content-Length: 0o7",
                "Content-Length: 0_0",
            ]
        ),
        (
            "more digits than an integer holds",
            [
                "Content-Length: 18446744073709551616",
                "Content-Length: 18446744073709551615",
                "Content-Length: 9223372036854775808",
                "Content-Length: 4294967296",
                "Content-Length: 99999999999999999999999999",
                "Content-Length: 00000000000000000000",
                "Content-Length: 000000000000000000000000N",
            ]
        ),
        (
            "a list, equal or not",
            [
                "Content-Length: N,N",
                "Content-Length: N, N",
                "Content-Length: 0,N",
                "Content-Length: N,0",
                "Content-Length: ,N",
                "Content-Length: N,",
                "Content-Length: 0;N",
                "Content-Length: 0 N",
            ]
        ),
        (
            "empty, or no digit",
            [
                "Content-Length:",
                "Content-Length: ",
                "Content-Length: \t",
                "Content-Length: x",
                "Content-Length: \"N\"",
                "Content-Length: 'N'",
                "Content-Length: \u00b2",
                "Content-Length: \u00a0N",
            ]
        ),
        (
            "bytes around the digits",
            [
                "Content-Length: N\0",
                "Content-Length: \0N",
                "Content-Length: N\u000b",
                "Content-Length: \u000cN",
                "Content-Length: N\r",
                "Content-Length: 0\rN",
                "Content-Length:\t0",
                "Content-Length:   0\t ",
            ]
        ),
        (
            "two lines, equal or not",
            [
                "Content-Length: 0\r\nContent-Length: N",
                "Content-Length: N\r\nContent-Length: 0",
                "Content-Length: N\r\nContent-Length: N",
                "Content-Length: 0\r\nContent-Length: 0",
                "Content-Length: 0\r\nX: y\r\ncontent-length: N",
                "Content-Length:\r\nContent-Length: N",
                "Content-Length: N\r\nContent-Length: x",
            ]
        ),
        (
            "a name that only some parsers read as Content-Length",
            [
                "Content-Length : N",
                "Content-Length\t: N",
                " Content-Length: N",
                "\tContent-Length: N",
                "Content_Length: N",
                "Content-Length\0: N",
                "Content-Length;: N",
                "Content Length: N",
                "Content-Length\u00a0: N",
                "X\r\nContent-Length: N",
                "Content-Length: 0\r\n Content-Length: N",
                "\rContent-Length: N",
                "Content\u00adLength: N",
                "X: y, Content-Length: N",
                "Content-Length: 0\r\nX-Content-Length: N",
            ]
        ),
    ];

    public static IEnumerable<HostileStream> All()
    {
        foreach (var (why, all) in Groups)
        {
            foreach (var fields in all)
            {
                var text = fields.Replace("N", $"{Pull.Length}", StringComparison.Ordinal);
                yield return new($"POST with {Visible(fields)}", why, Show(text, Pull));
                yield return new(
                    $"GET with {Visible(fields)}",
                    why,
                    $"GET /api/tags HTTP/1.1\r\nHost: localhost\r\n{text}\r\n\r\n{Pprof}"
                );
            }
        }
        yield return new(
            "a length that ends inside the hidden request",
            "the rest must not be read as a separate request",
            Show("Content-Length: 1", "x" + Pull),
            Pull
        );
        yield return new(
            "content shorter than its length",
            "the next request is content until the length is reached",
            Show("Content-Length: 10", "12345" + Pull)
        );
        yield return new(
            "content longer than its length",
            "the surplus is a request",
            Show("Content-Length: 5", "1234567890" + Pull)
        );
    }
}
