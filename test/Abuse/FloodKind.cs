using System.Text;

namespace FastGate.Test.Abuse;

/// <summary>When a connection of a flood sends again.</summary>
internal enum FloodPace
{
    /// <summary>Whenever the system takes something.</summary>
    Always,

    /// <summary>When something has come back.</summary>
    AfterAnswer,

    /// <summary>Never: it is closed, and another is opened.</summary>
    OncePerConnection,
}

/// <summary>What a flood is made of.</summary>
/// <param name="Name">For people.</param>
/// <param name="Bytes">Sent again and again.</param>
/// <param name="Pace">When.</param>
internal sealed record FloodKind(string Name, byte[] Bytes, FloodPace Pace)
{
    private const string Refused = "GET /api/ps HTTP/1.1\r\nHost: gate\r\n\r\n";

    /// <summary>Sent once, when a connection is made.</summary>
    public byte[] First { get; init; } = [];

    /// <summary>The proof has a limit for what it does to others.</summary>
    public bool IsBounded { get; init; } = true;

    /// <summary>The gate passes what is sent, so it shares its time evenly: what others wait is shown, without a
    /// limit.</summary>
    public bool IsAllowed { get; init; }

    /// <summary>All that are measured.</summary>
    public static IReadOnlyList<FloodKind> All { get; } =
    [
        new("pipelined refused requests", Ascii(string.Concat(Enumerable.Repeat(Refused, 1500))), FloodPace.Always),
        new("refused requests one by one", Ascii(Refused), FloodPace.AfterAnswer),
        new("refused requests with large heads", Ascii(LargeHead()), FloodPace.Always),
        new("refused requests with content in crumbs", Ascii(WithCrumbs()), FloodPace.Always),
        new("a connection for each refused request", Ascii(Refused), FloodPace.OncePerConnection),
        new("allowed content in crumbs", Ascii("1\r\nx\r\n"), FloodPace.Always)
        {
            IsAllowed = true,
            IsBounded = false,
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
