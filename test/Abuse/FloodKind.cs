using System.Text;

namespace FastGate.Test.Abuse;

/// <summary>When a connection of a flood sends again.</summary>
internal enum FloodPace
{
    /// <summary>Whenever the socket accepts bytes.</summary>
    Always,

    /// <summary>After response bytes have arrived.</summary>
    AfterResponse,

    /// <summary>Never: the connection is closed, and another is opened.</summary>
    OncePerConnection,
}

/// <summary>What a flood sends, and how fast.</summary>
/// <param name="Name">Name for the report.</param>
/// <param name="Bytes">Bytes to send repeatedly.</param>
/// <param name="Pace">When to send.</param>
internal sealed record FloodKind(string Name, byte[] Bytes, FloodPace Pace)
{
    private const string Refused = "GET /api/ps HTTP/1.1\r\nHost: gate\r\n\r\n";

    /// <summary>Sent once per connection, first.</summary>
    public byte[] First { get; init; } = [];

    /// <summary>
    /// Whether the gate forwards these requests. It then serves all clients evenly, so the other clients' delay is
    /// reported without a limit.
    /// </summary>
    public bool IsAllowed { get; init; }

    /// <summary>Every kind that is measured.</summary>
    public static IReadOnlyList<FloodKind> All { get; } =
    [
        new("pipelined refused requests", Ascii(string.Concat(Enumerable.Repeat(Refused, 1500))), FloodPace.Always),
        new("refused requests one by one", Ascii(Refused), FloodPace.AfterResponse),
        new("refused requests with large heads", Ascii(LargeHead()), FloodPace.Always),
        new("refused requests with content in tiny chunks", Ascii(WithCrumbs()), FloodPace.Always),
        new("a connection for each refused request", Ascii(Refused), FloodPace.OncePerConnection),
        new("allowed content in tiny chunks", Ascii("1\r\nx\r\n"), FloodPace.Always)
        {
            IsAllowed = true,
            First = Ascii("POST /v1/chat/completions HTTP/1.1\r\nHost: gate\r\nTransfer-Encoding: chunked\r\n\r\n"),
        },
    ];

    private static string LargeHead() =>
        string.Concat(
            Enumerable.Repeat(
                Refused[..^2]
                    + string.Concat(Enumerable.Range(0, 7).Select(i => $"X-{i}: {new string('a', 4000)}\r\n"))
                    + "\r\n",
                4
            )
        );

    private static string WithCrumbs() =>
        string.Concat(
            Enumerable.Repeat(
                "POST /api/pull HTTP/1.1\r\nHost: gate\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + string.Concat(Enumerable.Repeat("1\r\nx\r\n", 50))
                    + "0\r\n\r\n",
                100
            )
        );

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);
}
