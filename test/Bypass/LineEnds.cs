using static FastGate.Test.Bypass.Requests;

namespace FastGate.Test.Bypass;

/// <summary>Line ends, control bytes and folds: where a line or a head ends is where the next request begins.</summary>
internal static class LineEnds
{
    private const string GoEndsAtLf = "Go ends lines and heads at a bare LF";
    private const string Control = "a control byte that one reader takes for an end of line";
    private const string Fold = "a folded line belongs to the one before for Go, and is a line of its own for others";

    private static readonly (string Why, string[] Heads)[] Groups =
    [
        (GoEndsAtLf,
        [
            "GET /api/tags HTTP/1.1\nHost: localhost\n\n", "GET /api/tags HTTP/1.1\nHost: localhost\r\n\r\n",
            "GET /api/tags HTTP/1.1\r\nHost: localhost\n\r\n",
            "GET /api/tags HTTP/1.1\r\nHost: localhost\r\n\n", "GET /api/tags HTTP/1.1\r\nHost: localhost\n\n",
            $"GET /api/tags HTTP/1.1\r\nHost: localhost\r\nX: a\n\n{Pull}",
            $"GET /api/tags HTTP/1.1\r\nHost: localhost\r\nX: a\n\r\n{Pull}",
            $"GET /api/tags HTTP/1.1\r\nHost: localhost\r\n\n{Pprof}X: a\r\n\r\n",
            "POST /api/show HTTP/1.1\r\nHost: localhost\r\nX: a\nContent-Length: 999\r\n\r\n",
            "POST /api/show HTTP/1.1\r\nHost: localhost\r\nX: a\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        ]),
        (Control,
        [
            "GET /api/tags HTTP/1.1\rHost: localhost\r\r", "GET /api/tags HTTP/1.1\r\r\nHost: localhost\r\n\r\n",
            "GET /api/tags HTTP/1.1\r\nHost: localhost\r\r\n\r\n",
            "GET /api/tags HTTP/1.1\r\nHost: localhost\r\n\r\r\n", "GET /api/tags HTTP/1.1\r\nHost: localhost\r\n\r",
            "GET /api/tags HTTP/1.1\r\nHost: localhost\r\n\r\0\n",
            "POST /api/show HTTP/1.1\r\nHost: localhost\r\nX: a\rContent-Length: 999\r\n\r\n",
            "POST /api/show HTTP/1.1\r\nHost: localhost\r\nX: a\r\rContent-Length: 999\r\n\r\n",
            "POST /api/show HTTP/1.1\r\nHost: localhost\r\nX: a\0\r\nContent-Length: 0\r\n\r\n",
            "GET /api/tags HTTP/1.1\r\nHost: localhost\r\nX: a\u000bb\r\n\r\n",
            "GET /api/tags HTTP/1.1\r\nHost: localhost\r\nX: a\u000cb\r\n\r\n",
            "GET /api/tags HTTP/1.1\r\nHost: localhost\r\nX: a\u007fb\r\n\r\n",
            "GET /api/tags HTTP/1.1\r\nHost: localhost\r\nX: \u0085\r\n\r\n",
            "GET /api/tags HTTP/1.1\r\nHost: localhost\r\nX: \u00a0\r\n\r\n",
        ]),
        ("a line that is empty for one reader only",
        [
            "GET /api/tags HTTP/1.1\r\nHost: localhost\r\n \r\n\r\n",
            "GET /api/tags HTTP/1.1\r\nHost: localhost\r\n\t\r\n\r\n",
            "GET /api/tags HTTP/1.1\r\nHost: localhost\r\n \r\n",
            $"GET /api/tags HTTP/1.1\r\nHost: localhost\r\n \r\n{Pull}\r\n",
            "GET /api/tags HTTP/1.1\r\n \r\nHost: localhost\r\n\r\n",
            "GET /api/tags HTTP/1.1\r\n\r\nHost: localhost\r\n\r\n",
            "GET /api/tags HTTP/1.1\r\nHost: localhost\r\n:\r\n\r\n",
            "GET /api/tags HTTP/1.1\r\nHost: localhost\r\n: a\r\n\r\n",
        ]),
        (Fold,
        [
            "POST /api/show HTTP/1.1\r\nHost: localhost\r\nX: a\r\n Content-Length: 999\r\n\r\n",
            "POST /api/show HTTP/1.1\r\nHost: localhost\r\nX: a\r\n\tTransfer-Encoding: chunked\r\n\r\n",
            $"POST /api/show HTTP/1.1\r\nHost: localhost\r\nContent-Length:\r\n {Pull.Length}\r\n\r\n",
            $"POST /api/show HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n {Pull.Length}\r\n\r\n",
            "POST /api/show HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
            "POST /api/show HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding:\r\n\t\r\n chunked\r\n\r\n0\r\n\r\n",
            "GET /api/tags HTTP/1.1\r\n Host: localhost\r\n\r\n",
            "GET /api/tags HTTP/1.1\r\nHost:\r\n localhost\r\n\r\n",
            $"GET /api/tags HTTP/1.1\r\nHost: localhost\r\nX: a\r\n {Pull}",
            $"GET /api/tags HTTP/1.1\r\nHost: localhost\r\nX: a\r\n\t\r\n\r\n{Pprof}",
            "GET /api/tags HTTP/1.1\r\n X: a\r\nHost: localhost\r\n\r\n",
        ]),
        ("a field name that is not a token",
        [
            "GET /api/tags HTTP/1.1\r\nHost : localhost\r\n\r\n",
            "GET /api/tags HTTP/1.1\r\nHost: localhost\r\nX Y: a\r\n\r\n",
            "GET /api/tags HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n",
            "GET /api/tags HTTP/1.1\r\nHost: localhost\r\nX(: a\r\n\r\n",
            "GET /api/tags HTTP/1.1\r\nHost: localhost\r\n\u00e9: a\r\n\r\n",
            $"GET /api/tags HTTP/1.1\r\nHost: localhost\r\n{Pull}",
        ]),
    ];

    public static IEnumerable<HostileStream> All()
    {
        int number = 0;
        foreach (var (why, heads) in Groups)
            foreach (var head in heads)
                yield return new($"line end {++number}: {Visible(head)}", why, head + Pull);
    }
}
