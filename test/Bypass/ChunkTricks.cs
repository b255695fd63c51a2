using static FastGate.Test.Bypass.Requests;

namespace FastGate.Test.Bypass;

/// <summary>
/// Chunk framing that two parsers measure differently; the data of the chunk, or what follows it, is a request.
/// </summary>
internal static class ChunkTricks
{
    /// <summary>N stands for the size of the hidden request in hexadecimal.</summary>
    private static readonly (string Why, string[] Sizes)[] Sizes =
    [
        (
            "a size is hexadecimal digits only",
            ["+N", "-N", "0xN", "0XN", "#N", "$N", "N.0", "N_", "Nh", "Ng", "g", "x", "\"N\"", "N,N", "N N"]
        ),
        ("white space around a size", [" N", "\tN", "N ", "N\t", "N  ", "\u000bN", "N\u000c", "N\0", "\0N", "\u00a0N"]),
        (
            "extensions",
            ["N;", "N;a", "N;a=b", "N;a=\"b\"", "N ;a", "N;\t", "N;a=\"\r\n\"", "N;a\n", "N;\u00ff", "N;0", ";N", "N:a"]
        ),
        (
            "many digits, overflow",
            [
                "0000000000000000N",
                "00000000000000000000000000000000N",
                "FFFFFFFF",
                "FFFFFFFFFFFFFFFF",
                "7FFFFFFFFFFFFFFF",
                "8000000000000000",
                "10000000000000000",
                "100000000000000N",
                "fffffffffffffffN",
                "1000000000000000N",
            ]
        ),
        ("an empty size, which older versions of Go accept as the last chunk", ["", " ", "\t", ";", ";a"]),
        ("line ends within the size line", ["N\n", "N\r", "N\r\r", "N\n\r", "\r\nN", "\nN", "N\r\n"]),
    ];

    private static readonly (string Why, string[] Contents)[] Contents =
    [
        (
            "the CRLF after the data",
            [
                "5\r\nhello0\r\n\r\n",
                "5\r\nhello\n0\r\n\r\n",
                "5\r\nhello\r0\r\n\r\n",
                "5\r\nhello\r\r\n0\r\n\r\n",
                "5\r\nhello\r\n\r\n0\r\n\r\n",
                "5\r\nhelloXX0\r\n\r\n",
                "5\r\nhello \r\n0\r\n\r\n",
                "5\r\nhellox\r\n0\r\n\r\n",
                "5\r\nhell\r\n0\r\n\r\n",
            ]
        ),
        (
            "bare LF instead of CRLF",
            [
                "5\nhello\r\n0\r\n\r\n",
                "5\r\nhello\r\n0\n\r\n",
                "5\r\nhello\r\n0\r\n\n",
                "0\n\n",
                "0\r\n\n",
                "0\n\r\n",
                "5\nhello\n0\n\n",
            ]
        ),
        (
            "another spelling of zero",
            [
                "00\r\n\r\n",
                "0000000000000000\r\n\r\n",
                "-0\r\n\r\n",
                "+0\r\n\r\n",
                "0x0\r\n\r\n",
                " 0\r\n\r\n",
                "0 \r\n\r\n",
                "0;a\r\n\r\n",
                "0;\r\n\r\n",
                "\r\n\r\n",
                "\r\n",
                "g\r\n\r\n",
            ]
        ),
        (
            "trailers",
            [
                "0\r\nX: a\r\n\r\n",
                "0\r\nContent-Length: 5\r\n\r\n",
                "0\r\nTransfer-Encoding: chunked\r\n\r\n",
                "0\r\nHost: evil\r\n\r\n",
                "0\r\nX: a\n\n",
                "0\r\nX: a\r\n\n",
                "0\r\nX: a\n\r\n",
                "0\r\n X: a\r\n\r\n",
                "0\r\nX\r\n\r\n",
                "0\r\n: a\r\n\r\n",
                "0\r\nX: a\r\n b\r\n\r\n",
                "0\r\n\r\r\n",
                "0\r\n \r\n",
                "0\r\n \r\n\r\n",
            ]
        ),
        ("the last chunk without its end", ["0\r\n", "0\r\nX", "0\r", "0"]),
    ];

    public static IEnumerable<HostileStream> All()
    {
        foreach (var (why, sizes) in Sizes)
        {
            foreach (var size in sizes)
            {
                var line = size.Replace("N", $"{Pull.Length:x}", StringComparison.Ordinal);
                yield return new(
                    $"chunk size {Visible(size)}, pull as the data",
                    why,
                    Chunked($"{line}\r\n{Pull}\r\n{LastChunk}")
                );
                yield return new(
                    $"chunk size {Visible(size)} of an empty chunk, pull after it",
                    why,
                    Chunked($"{size.Replace('N', '0')}\r\n\r\n{Pull}")
                );
            }
        }
        foreach (var (why, contents) in Contents)
        foreach (var content in contents)
            yield return new($"chunks {Visible(content)}, pull after it", why, Chunked(content + Pull));

        yield return new(
            "pull as a trailer section",
            "what follows the last chunk is not a request line",
            Chunked("0\r\n" + Pull)
        );
        yield return new(
            "pprof as a trailer section that ends with a bare LF",
            "a parser that waits for CRLFCRLF overruns",
            Chunked($"0\r\nX: a\n\n{Pprof}")
        );
        yield return new(
            "pull after chunks, in pieces",
            "a chunk may arrive in pieces",
            Chunked("5\r\nhe"),
            "llo\r\n0\r\n",
            "\r\n" + Pull
        );
        yield return new(
            "many one-byte chunks, pull after it",
            "each chunk is counted",
            Chunked(string.Concat(Enumerable.Repeat(Chunk("a"), 500)) + LastChunk + Pull)
        );
        yield return new(
            "chunks on GET, pprof in one",
            "content counts on GET",
            Head("GET /api/tags", "Transfer-Encoding: chunked") + Chunk(Pprof) + LastChunk + Pprof
        );
    }

    private static string Chunked(string content) => Show("Transfer-Encoding: chunked", content);
}
