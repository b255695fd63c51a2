namespace FastGate.Test.Differential;

/// <summary>Disguised field lines and line ends, and field lines that change a server's behavior.</summary>
internal static class FieldTricks
{
    public static readonly string[] LineEnds =
    [
        "\n",
        "\r",
        "\r\r\n",
        " \r\n",
        "\r\n ",
        "\r\n\t",
        "\n\r",
        "\r \n",
        "\0\r\n",
        "\x85",
        "\x0b\r\n",
        "\r\n\r",
        "\n\n",
        "\u000c\r\n",
    ];

    public static readonly string[] Hosts =
    [
        "",
        "Host: localhost\r\nHost: localhost\r\n",
        "Host:localhost, other\r\n",
        "Host : localhost\r\n",
        "Host: \r\n",
        "Host: a b\r\n",
        "Host: localhost/\r\n",
        "Host: x@localhost\r\n",
        "Host: [::1\r\n",
        "Host: evil.example\r\n",
        "Host: localhost\0\r\n",
        " Host: localhost\r\n",
        "Host: localhost:99999\r\n",
        "Host: local\x80host\r\n",
        "Host: 127.0.0.1:11434\r\n",
        "HOST: [::1]:1\r\n",
        "Host\t: localhost\r\n",
    ];

    /// <summary>Malformed or unusual field lines, each with its line end.</summary>
    public static readonly string[] Fields =
    [
        "X\r\n",
        ": y\r\n",
        " X: y\r\n",
        "\tX: y\r\n",
        "X y: z\r\n",
        "X : y\r\n",
        "X:\r\n y\r\n",
        "X: a\0b\r\n",
        "X: a\rb\r\n",
        "X: a\nContent-Length: 3\r\n",
        "X\xe9: y\r\n",
        "\0\r\n",
        "X: y\n",
        "X: y\r",
        "X: \x7f\r\n",
        "(X): y\r\n",
        "X=Y\r\n",
        "X: y\r\n\rContent-Length: 3\r\n",
        "\r\r\n",
        "X: \x01\r\n",
        "X\r\n\t: y\r\n",
        "{}: y\r\n",
        "X;: y\r\n",
    ];

    /// <summary>Valid field lines that change a server's behavior.</summary>
    public static readonly string[] Turns =
    [
        "Connection: close\r\n",
        "Connection: keep-alive\r\n",
        "Connection: Content-Length, Transfer-Encoding\r\n",
        "Connection: Host\r\n",
        "Keep-Alive: timeout=1, max=1\r\n",
        "Proxy-Connection: close\r\n",
        "Expect: 100-continue\r\n",
        "Expect: 200-ok\r\n",
        "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n",
        "Upgrade: websocket\r\nConnection: Upgrade\r\n",
        "TE: trailers\r\n",
        "Trailer: X-Sum\r\n",
        "X-HTTP-Method-Override: DELETE\r\n",
        "X-Original-URL: /api/pull\r\n",
        "X-Forwarded-Host: evil\r\n",
        "Content-Encoding: chunked\r\n",
        "Range: bytes=0-0\r\n",
        "Max-Forwards: 0\r\n",
        "Content-Type: multipart/form-data; boundary=x\r\n",
    ];
}
