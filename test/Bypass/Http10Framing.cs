using static FastGate.Test.Bypass.Requests;

namespace FastGate.Test.Bypass;

/// <summary>HTTP/1.0 has no Transfer-Encoding: Go ignores it there and uses the length, if any.</summary>
internal static class Http10Framing
{
    private const string Why = "Transfer-Encoding does not count in HTTP/1.0";

    public static IEnumerable<HostileStream> All()
    {
        foreach (var (name, forbidden) in Forbidden)
        {
            yield return new(
                $"1.0 chunked, {name} in the chunk",
                Why,
                Old("POST /api/show", "Transfer-Encoding: chunked") + Chunk(forbidden) + LastChunk
            );
            yield return new(
                $"1.0 chunked, {name} after it",
                Why,
                Old("POST /api/show", "Transfer-Encoding: chunked") + LastChunk + forbidden
            );
            yield return new(
                $"1.0 chunked with a short length, {name} after it",
                Why,
                Old("POST /api/show", "Transfer-Encoding: chunked", "Content-Length: 5") + LastChunk + forbidden
            );
            yield return new(
                $"1.0 chunked with a long length, {name} inside",
                Why,
                Old(
                    "POST /api/show",
                    "Transfer-Encoding: chunked",
                    $"Content-Length: {LastChunk.Length + forbidden.Length}"
                )
                    + LastChunk
                    + forbidden
            );
            yield return new(
                $"1.0 without keep-alive, {name} after it",
                "the connection should have closed",
                $"GET /api/tags HTTP/1.0\r\n\r\n{forbidden}"
            );
            yield return new(
                $"1.0 POST without a length, {name} after it",
                "without framing there is no content, not content until close",
                Old("POST /api/show") + forbidden
            );
            yield return new(
                $"1.0 GET with a length, {name} inside",
                "content counts on GET",
                Old("GET /api/version", $"Content-Length: {forbidden.Length}") + forbidden
            );
            yield return new(
                $"1.0 two hosts, {name} after it",
                "at most one Host",
                Old("GET /api/version", "Host: a", "Host: b") + forbidden
            );
        }
        yield return new("1.0 forbidden", "the version changes nothing", Old("POST /api/pull", "Content-Length: 0"));
        yield return new(
            "1.0 forbidden without keep-alive",
            "the version changes nothing",
            "GET /debug/pprof/ HTTP/1.0\r\n\r\n"
        );
    }

    private static string Old(string methodAndTarget, params string[] fields) =>
        $"{methodAndTarget} HTTP/1.0\r\nConnection: "
        + $"keep-alive\r\n{string.Concat(fields.Select(field => field + "\r\n"))}\r\n";
}
