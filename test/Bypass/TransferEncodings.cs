using static FastGate.Test.Bypass.Requests;

namespace FastGate.Test.Bypass;

/// <summary>
/// Disguised Transfer-Encoding: one parser reads chunks, another a length, and the difference is a request.
/// </summary>
internal static class TransferEncodings
{
    private static readonly (string Why, string[] Fields)[] Groups =
    [
        (
            "plain, beside a length: Go prefers chunked",
            [
                "Transfer-Encoding: chunked",
                "transfer-encoding: chunked",
                "TRANSFER-ENCODING: CHUNKED",
                "Transfer-Encoding: cHuNkEd",
            ]
        ),
        (
            "bytes around the coding",
            [
                "Transfer-Encoding:chunked",
                "Transfer-Encoding:  chunked",
                "Transfer-Encoding:\tchunked",
                "Transfer-Encoding: chunked ",
                "Transfer-Encoding: chunked\t",
                "Transfer-Encoding: \u000bchunked",
                "Transfer-Encoding: chunked\u000c",
                "Transfer-Encoding: chunked\0",
                "Transfer-Encoding: \0chunked",
                "Transfer-Encoding: chunked\r",
                "Transfer-Encoding: \"chunked\"",
                "Transfer-Encoding: 'chunked'",
                "Transfer-Encoding: \u00a0chunked",
                "Transfer-Encoding: chun\rked",
            ]
        ),
        (
            "lists and parameters",
            [
                "Transfer-Encoding: chunked, identity",
                "Transfer-Encoding: identity, chunked",
                "Transfer-Encoding: chunked, chunked",
                "Transfer-Encoding: gzip, chunked",
                "Transfer-Encoding: chunked;q=1",
                "Transfer-Encoding: chunked; a",
                "Transfer-Encoding: ,chunked",
                "Transfer-Encoding: chunked,",
                "Transfer-Encoding: , chunked ,",
            ]
        ),
        (
            "another coding, or none",
            [
                "Transfer-Encoding: identity",
                "Transfer-Encoding: gzip",
                "Transfer-Encoding: xchunked",
                "Transfer-Encoding: chunkedx",
                "Transfer-Encoding: chunke",
                "Transfer-Encoding:",
                "Transfer-Encoding: \t",
                "TE: chunked",
                "Content-Encoding: chunked",
            ]
        ),
        (
            "two lines",
            [
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
                "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: x\r\ntransfer-encoding: chunked",
                "Transfer-Encoding:\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding:",
            ]
        ),
        (
            "a name that only some parsers read as Transfer-Encoding",
            [
                "Transfer-Encoding : chunked",
                "Transfer-Encoding\t: chunked",
                " Transfer-Encoding: chunked",
                "\tTransfer-Encoding: chunked",
                "Transfer_Encoding: chunked",
                "Transfer-Encoding\0: chunked",
                "Transfer Encoding: chunked",
                "Transfer-Encoding\u00a0: chunked",
                "X: y\rTransfer-Encoding: chunked",
                "X: y\nTransfer-Encoding: chunked",
                "\rTransfer-Encoding: chunked",
                "X\r\n: y\r\nTransfer-Encoding: chunked",
                "Transfer\u00adEncoding: chunked",
                "X: y, Transfer-Encoding: chunked",
                "Transfer-Encoding:\r\n chunked",
                "X: y\r\n Transfer-Encoding: chunked",
            ]
        ),
    ];

    public static IEnumerable<HostileStream> All()
    {
        var pullBehindLast = LastChunk + Pull;
        var pullInChunk = Chunk(Pull) + LastChunk;
        int firstLine = $"{Pull.Length:x}\r\n".Length;
        foreach (var (why, all) in Groups)
        {
            foreach (var fields in all)
            {
                var name = Visible(fields);
                yield return new(
                    $"length over all with {name}",
                    why,
                    Show($"Content-Length: {pullBehindLast.Length}\r\n{fields}", pullBehindLast)
                );
                yield return new(
                    $"{name} before a length over all",
                    why,
                    Show($"{fields}\r\nContent-Length: {pullBehindLast.Length}", pullBehindLast)
                );
                yield return new(
                    $"length up to the chunk's data with {name}",
                    why,
                    Show($"{fields}\r\nContent-Length: {firstLine}", pullInChunk)
                );
                yield return new($"no length with {name}", why, Show(fields, pullInChunk));
            }
        }
        foreach (var bad in (string[])["-1", "x", "", "1,2", "99999999999999999999"])
            yield return new(
                $"chunked with the bad length '{bad}'",
                "Go ignores a bad length beside chunked",
                Show($"Content-Length: {bad}\r\nTransfer-Encoding: chunked", pullBehindLast)
            );
    }
}
