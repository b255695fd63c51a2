using static FastGate.Test.Bypass.Requests;

namespace FastGate.Test.Bypass;

/// <summary>Requests after the last request of a connection, and field names that Connection would strip.</summary>
internal static class ConnectionEnds
{
    private const string Last = "nothing may follow the last request";
    private const string Strips = "a proxy that removes the named field changes the framing";

    private static readonly (string Why, string Fields)[] Groups =
    [
        (Last, "Connection: close"),
        (Last, "connection: CLOSE"),
        (Last, "Connection: keep-alive, close"),
        (Last, "Connection: close, keep-alive"),
        (Last, "Connection: close\r\nConnection: keep-alive"),
        (Last, "Connection: keep-alive\r\nConnection: close"),
        (Last, "Connection: closed"),
        (Last, "Connection: \"close\""),
        (Last, "Connection:"),
        (Last, "Connection: ,close,"),
        (Last, "Connection: \tclose"),
        (Last, "Proxy-Connection: close"),
        (Last, "Keep-Alive: timeout=0, max=0"),
        (Strips, "Connection: Content-Length"),
        (Strips, "Connection: Transfer-Encoding"),
        (Strips, "Connection: Host"),
        (Strips, "Connection: close, Content-Length"),
        (Strips, "TE: trailers\r\nConnection: TE"),
        (Strips, "Trailer: Content-Length"),
    ];

    public static IEnumerable<HostileStream> All()
    {
        foreach (var (why, fields) in Groups)
        {
            yield return new($"pprof after GET with {Visible(fields)}", why, Head("GET /api/tags", fields) + Pprof);
            yield return new(
                $"pull after the response to GET with {Visible(fields)}",
                why,
                Head("GET /api/tags", fields),
                Pull
            );
            yield return new(
                $"pull inside and after POST with {Visible(fields)}",
                why,
                Show($"{fields}\r\nContent-Length: {Pull.Length}", Pull + Pull)
            );
            yield return new(
                $"pull after chunks with {Visible(fields)}",
                why,
                Show($"{fields}\r\nTransfer-Encoding: chunked", LastChunk + Pull)
            );
        }
    }
}
