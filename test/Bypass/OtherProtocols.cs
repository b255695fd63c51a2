using static FastGate.Test.Bypass.Requests;

namespace FastGate.Test.Bypass;

/// <summary>Openings of other protocols, with a request behind or inside.</summary>
internal static class OtherProtocols
{
    private const string ClientHello =
        "\u0016\u0003\u0001\u0000\u0031\u0001\u0000\u0000\u002d\u0003\u0003aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\u0000\u0000\u0006\u0013\u0001\u0013\u0002\u0000\u00ff\u0001\u0000";

    private const string Http2Settings = "\0\0\0\u0004\0\0\0\0\0";

    private static readonly (string Name, string Why, string Text)[] Openings =
    [
        ("TLS ClientHello", "a browser that was told https", ClientHello),
        ("TLS alert", "the end of a TLS connection", "\u0015\u0003\u0003\0\u0002\u0001\0"),
        ("SSL 2 hello", "an old scanner", "\u0080\u002e\u0001\0\u0002\0\u0015\0\0\0\u0010"),
        ("HTTP/2 preface", "prior knowledge", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        ("HTTP/2 preface and settings", "prior knowledge", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + Http2Settings),
        ("HTTP/2 preface, half", "Go gives a PRI request to its handler", "PRI * HTTP/2.0\r\n\r\n"),
        ("a PRI request with a target", "only the exact preface is one", "PRI /api/tags HTTP/2.0\r\n\r\n"),
        ("PRI in HTTP/1.1", "a method like any other", "PRI * HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        ("HTTP/2 frames without a preface", "no request line", Http2Settings),
        ("PROXY protocol 1", "an address that must not be believed", "PROXY TCP4 127.0.0.1 127.0.0.1 1 2\r\n"),
        ("PROXY protocol 2", "as above",
            "\r\n\r\n\0\r\nQUIT\n!\u0011\0\u000c\u007f\0\0\u0001\u007f\0\0\u0001\0\u0001\0\u0002"),
        ("SOCKS 5", "no proxy", "\u0005\u0001\0"),
        ("SOCKS 4", "no proxy", "\u0004\u0001\u002c\u00aa\u007f\0\0\u0001\0"),
        ("SSH", "no shell", "SSH-2.0-x\r\n"),
        ("SMTP", "no mail", "EHLO localhost\r\n"),
        ("RTSP", "looks like HTTP", "OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n"),
        ("ICAP", "looks like HTTP", "OPTIONS icap://localhost/api/pull ICAP/1.0\r\nHost: localhost\r\n\r\n"),
        ("SIP", "looks like HTTP", "OPTIONS sip:localhost SIP/2.0\r\n\r\n"),
        ("a response", "not a request", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
        ("a WebSocket frame", "not a request", "\u0081\u0005hello"),
        ("zeros", "not a request", new string('\0', 64)),
        ("FastCGI", "not a request", "\u0001\u0001\0\u0001\0\u0008\0\0\0\u0001\0\0\0\0\0\0"),
    ];

    public static IEnumerable<HostileStream> All()
    {
        foreach (var (name, why, text) in Openings)
        {
            yield return new($"pull behind {name}", why, text + Pull);
            yield return new($"pprof behind {name} behind a request", why, Tags, text + Pprof);
        }
    }
}
