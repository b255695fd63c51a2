namespace FastGate.Test.Differential;

/// <summary>What may stand in the place of each right element: forms that some reader takes for something else.</summary>
internal static class Tricks
{
    public static readonly string[] BeforeLine =
        ["\r\n", "\n", "\r", " ", "\t", "\0", "\r\n\r\n", "\n\n\n\n", "\x0b", "\xef\xbb\xbf", "X", "0\r\n\r\n", "\r\n "];

    public static readonly string[] Methods =
        ["post", "POST ", "\x01POST", "GET\0", "P\xd6ST", "", "POST:", "PO ST", "CONNECT", "OPTIONS", "TRACE", "PRI", "DELETE", "GET\t", "\"GET\""];

    public static readonly string[] Blanks = ["  ", "\t", " \t", "", "\x0b", "\x0c", "\xa0", "\r", "\0", "+", "%20"];

    public static readonly string[] Versions =
        ["HTTP/1.2", "HTTP/1.9", "HTTP/1.10", "HTTP/01.1", "HTTP/1.1.", "HTTP/2.0", "HTTP/3", "HTTP/0.9", "http/1.1", "HTTP/1.1 ", "HTTP/1.1\t",
        "HTTP /1.1", "HTTP/+1.1", "HTTP/1,1", "HTTP/1.1 HTTP/1.1", "HTTP/1.\xb9", "HTTPS/1.1", "", "HTTP/1.1\0"];

    public static readonly string[] LineEnds =
        ["\n", "\r", "\r\r\n", " \r\n", "\r\n ", "\r\n\t", "\n\r", "\r \n", "\0\r\n", "\x85", "\x0b\r\n", "\r\n\r", "\n\n", "\u000c\r\n"];

    public static readonly string[] Hosts =
    [
        "", "Host: localhost\r\nHost: localhost\r\n", "Host:localhost, other\r\n", "Host : localhost\r\n", "Host: \r\n", "Host: a b\r\n",
        "Host: localhost/\r\n", "Host: x@localhost\r\n", "Host: [::1\r\n", "Host: evil.example\r\n", "Host: localhost\0\r\n", " Host: localhost\r\n",
        "Host: localhost:99999\r\n", "Host: local\x80host\r\n", "Host: 127.0.0.1:11434\r\n", "HOST: [::1]:1\r\n", "Host\t: localhost\r\n",
    ];

    public static readonly string[] LengthNames =
        ["Content_Length", "Content-Length ", " Content-Length", "Content-Length\t", "Content-Lengt\xe8", "Content-Length\0", "Content-Length\r", "\"Content-Length\"", "Content-Length\x0b", "X-Content-Length", "content-length"];

    public static readonly string[] CodingNames =
        ["Tran\xc5\xbf" + "fer-Encoding", "Transfer\xe2\x80\x90" + "Encoding", "Transfer-Encoding:", "Transfer_Encoding", "Transfer-Encoding ", " Transfer-Encoding", "Transfer-Encoding\t", "Transfer-Encoding\0", "TE", "Transfer-Encodin\x67\x00", "\x0bTransfer-Encoding", "transfer-encoding", "X: a\r\n Transfer-Encoding", "Content-Encoding"];

    public static readonly string[] Codings =
    [
        "Chunked", "\tchunked\t", "chunked,", ",chunked", "chunked, identity", "identity, chunked", "gzip, chunked", "identity", "gzip", "xchunked",
        "chunkedx", "chunked;q=1", "\"chunked\"", "chunked\0", "\x0b" + "chunked", "chunked\x0b", "chunked chunked", "chunked, chunked", "", "chun\xadked",
        "chunked\r\nTransfer-Encoding: chunked", "chunked\r\nTransfer-Encoding: identity", "identity\r\nTransfer-Encoding: chunked", "\r\n chunked",
        "chunked\r\n , identity", "chunked\nX: y", "chunked\r\nContent-Length: 0", "'chunked'", "ch\u00fcnked", "chun\xe2\x84\xaa" + "ed", "chunked,gzip", "chunked\t\r", "chunked\xa0",
    ];

    /// <summary>Disguises of a length; <c>{0}</c> is the right one.</summary>
    public static readonly string[] Lengths =
    [
        "+{0}", "-{0}", "{0}, {0}", "{0},0", "0x{0}", "{0} {0}", "", "000{0}", "{0}.0", "{0}e0", "\t{0}\t", "{0}\0", "\x0b{0}", "{0}\x0b", "'{0}'", "\"{0}\"",
        "18446744073709551616", "18446744073709551621", "9223372036854775808", "999999999999999999", "0000000000000000000{0}", "{0};", "{0}\r\nContent-Length: {0}",
        "0\r\nContent-Length: {0}", "{0}\r\nContent-Length: 0", "\r\n {0}", "{0}\r\n 0", "0", "1", "{0}0", "4", "{0}\nX: y", "{0}\r\nTransfer-Encoding: chunked", "\xb2",
    ];

    /// <summary>Disguises of a chunk's size line; <c>{0}</c> is the right size in hexadecimal.</summary>
    public static readonly string[] ChunkSizes =
    [
        "+{0}\r\n", "-{0}\r\n", "0x{0}\r\n", " {0}\r\n", "{0} \r\n", "\t{0}\r\n", "{0}\t\r\n", "{0};x\r\n", "{0};x=y\r\n", "{0} ;x\r\n", "{0};\r\n", "{0};x=\"\r\n", "{0}\n", "{0}\r",
        "{0}\r\r\n", "\r\n{0}\r\n", "\r\n", "\n", "00000000000000000{0}\r\n", "10000000000000000\r\n", "FFFFFFFFFFFFFFFF\r\n", "1000000000000000{0}\r\n", "{0}g\r\n", "{0}\0\r\n",
        "0{0}\r\n", "000{0}\r\n", "{0},{0}\r\n", "{0}h\r\n", "{0};\n\r\n", "{0};\r\r\n", "{0}_\r\n", "\x0b{0}\r\n", "{0}\xa0\r\n", "7fffffffffffffff\r\n", "0\r\n",
    ];

    public static readonly string[] ChunkEnds = ["\n", "\r", "", "\r\r\n", " \r\n", "x\r\n", "\r\n\r\n", "\n\n", "xx", "\0\0"];

    public static readonly string[] LastChunks =
    [
        "0\r\n", "0\n\n", "0\r\n\n", "0\n\r\n", "0\r\nX: y\r\n\r\n", "0\r\nContent-Length: 99\r\n\r\n", "0\r\nTransfer-Encoding: chunked\r\n\r\n", "0\r\n \r\n", "0\r\n \r\n\r\n", "0\r\n\r\r\n",
        "00\r\n\r\n", "0;x\r\n\r\n", "0;x=\"\r\n\r\n\"\r\n\r\n", "0 \r\n\r\n", "-0\r\n\r\n", "0\r\n\r\n\r\n", "0\r\r\n\r\n", "0x0\r\n\r\n", "", "0\r\nX: y\n\n", "0\r\nX: y\r\n\n", "0000000000000000000\r\n\r\n", "0\r\n0\r\n\r\n",
    ];

    /// <summary>Field lines that are odd in themselves, each with its line end.</summary>
    public static readonly string[] Fields =
    [
        "X\r\n", ": y\r\n", " X: y\r\n", "\tX: y\r\n", "X y: z\r\n", "X : y\r\n", "X:\r\n y\r\n", "X: a\0b\r\n", "X: a\rb\r\n", "X: a\nContent-Length: 3\r\n", "X\xe9: y\r\n", "\0\r\n", "X: y\n", "X: y\r", "X: \x7f\r\n",
        "(X): y\r\n", "X=Y\r\n", "X: y\r\n\rContent-Length: 3\r\n", "\r\r\n", "X: \x01\r\n", "X\r\n\t: y\r\n", "{}: y\r\n", "X;: y\r\n",
    ];

    /// <summary>Field lines that are right and change what a server does.</summary>
    public static readonly string[] Turns =
    [
        "Connection: close\r\n", "Connection: keep-alive\r\n", "Connection: Content-Length, Transfer-Encoding\r\n", "Connection: Host\r\n", "Keep-Alive: timeout=1, max=1\r\n", "Proxy-Connection: close\r\n",
        "Expect: 100-continue\r\n", "Expect: 200-ok\r\n", "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n", "Upgrade: websocket\r\nConnection: Upgrade\r\n",
        "TE: trailers\r\n", "Trailer: X-Sum\r\n", "X-HTTP-Method-Override: DELETE\r\n", "X-Original-URL: /api/pull\r\n", "X-Forwarded-Host: evil\r\n", "Content-Encoding: chunked\r\n", "Range: bytes=0-0\r\n",
        "Max-Forwards: 0\r\n", "Content-Type: multipart/form-data; boundary=x\r\n",
    ];

    /// <summary>Targets that some reader takes for another path; <c>{0}</c> is the query.</summary>
    public static readonly string[] Targets =
    [
        "http://localhost/api/pull?{0}", "http:/api/pull?{0}", "x:/api/pull?{0}", "x:api/pull?{0}", "HTTP://localhost/api/tags?{0}", "//localhost/api/pull?{0}", "//api/tags?{0}", "/\\api/pull?{0}",
        "*", "localhost:11434", "localhost/api/pull", "?{0}", "#/api/pull", "/v1/models/../../api/pull?{0}", "/v1/models/%2e%2e/%2e%2e/api/pull?{0}", "/v1/models/.%2e/api?{0}", "/v1/models/..%2f..%2fapi%2fpull?{0}",
        "/v1/models/..;/api/pull?{0}", "/v1/models/a%2fb?{0}", "/v1/models/a%252fb?{0}", "/v1/models/a%5cb?{0}", "/v1/models/a%00?{0}", "/v1/models/%?{0}", "/v1/models/%6?{0}", "/v1/models/%u002e?{0}", "/v1/models/%c0%ae%c0%ae?{0}",
        "/v1/models/%e2%80%a6?{0}", "/v1/models/.?{0}", "/v1/models/..?{0}", "/v1/models/?{0}", "/v1/models//?{0}", "/v1/models//a?{0}", "/v1/models/a/?{0}", "/v1/models/a/b?{0}", "/v1/models/a\\b?{0}", "/v1/models/a#b?{0}",
        "/v1/models/a;b?{0}", "/v1/models/a\0?{0}", "/v1/models/\xe9?{0}", "/v1/models/a%0d%0aX:%20y?{0}", "/v1/models/a%20HTTP/1.1?{0}", "/v1/models/%25%32%65?{0}", "/api/tags/../pull?{0}", "/api/tags/..?{0}", "/api/./tags?{0}", "/./api/tags?{0}",
        "/api//tags?{0}", "/api/tags/?{0}", "/%61pi/pull?{0}", "/api%2ftags?{0}", "/api%2fpull?{0}", "/api/p%75ll?{0}", "/API/tags?{0}", "/api/tags#?{0}", "/api/tags%23?{0}", "/api/tags%3f{0}", "/api/tags;x?{0}", "/api/tags%20?{0}", "/api/tags ?{0}",
        "/api/tags\t?{0}", "/api/tags\r?{0}", "/api/tags\n?{0}", "/api/show\u00ff?{0}", "/api/tags?{0}#/../pull", "/api/tags?{0}\\..\\pull", "/api/tags?{0}&x=%zz", "/api/tags?{0} /api/pull", "/api/tags??{0}", "/v1/models/..%5c..%5capi%5cpull?{0}",
        "/v1/models/%2E%2E/%2E%2E/debug/pprof/?{0}", "/debug/pprof/?{0}", "/debug/pprof/cmdline?{0}", "/api/tags/%2e%2e/pull?{0}", "api/tags?{0}", "/v1/chat/completions/../../../api/pull?{0}", "/v1/models/a%2Fb%2F..%2F..?{0}",
    ];

    /// <summary>How the Go program answers on request, so that a connection goes on (<c>test/go/answers.go</c>).</summary>
    public static readonly string[] KindWishes = ["none", "same", "interim", "trailers"];

    /// <summary>All the ways of it.</summary>
    public static readonly string[] Wishes =
        [.. KindWishes, "early", "prompt", "prompt", "switch", "bye", "old", "open", "half", "drop", "surplus"];

    /// <summary>What a mutation throws into a stream.</summary>
    public static readonly string[] Fragments =
    [
        "\r\n", "\n", "\r", " ", "\t", "\0", ":", "\r\n\r\n", "\n\n", "0\r\n\r\n", "5\r\nhello\r\n", "\r\n ", "\r\n\t", "Content-Length: 0\r\n", "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n",
        "Connection: close\r\n", "Expect: 100-continue\r\n", "Host: localhost\r\n", "%2e%2e/", "%2f", "/", "//", "..", "?", "#", "\\", "HTTP/1.1", " HTTP/1.0\r\n", "chunked", ",", ";", "-", "+", "0", "1", "9", "f", "\xff", "\x80", "\x7f", "\x0b",
        "GET /debug/pprof/ HTTP/1.1\r\nHost: localhost\r\n\r\n", "&do=early", "&do=surplus", "&do=drop", "&do=none", "HEAD ", "GET ",
    ];
}
