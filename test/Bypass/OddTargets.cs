using static FastGate.Test.Bypass.Requests;

namespace FastGate.Test.Bypass;

/// <summary>
/// Targets that name a forbidden route in another spelling: Go matches the decoded path, and its mux cleans it.
/// </summary>
internal static class OddTargets
{
    private static readonly (string Why, string[] Targets)[] Pulls =
    [
        ("percent-encoding is decoded before Ollama matches",
        [
            "/api/%70ull", "/%61pi/pull", "/api/pul%6C", "/%61%70%69/%70%75%6c%6c", "/api%2fpull", "/api%2Fpull",
            "/%2fapi/pull",
        ]),
        ("a second decoding must not happen anywhere",
        [
            "/api/%2570ull", "/%2561pi/pull", "/api%252fpull", "/api/%25%37%30ull",
        ]),
        ("bad percent-encoding", ["/api/pull%", "/api/pull%7", "/api/pull%zz", "/api/%u0070ull", "/api/pull%g0"]),
        ("empty segments are cleaned away",
        [
            "//api/pull", "/api//pull", "///api/pull", "/api/pull//", "/api/show//../pull",
        ]),
        ("dot segments are cleaned away",
        [
            "/./api/pull", "/api/./pull", "/api/x/../pull", "/api/show/../pull", "/../api/pull", "/api/show/..//pull",
            "/v1/models/../../api/pull", "/v1/models/./../../api/pull",
        ]),
        ("dot segments, encoded",
        [
            "/api/%2e/pull", "/api/show/%2e%2e/pull", "/api/show/.%2e/pull", "/api/show/%2E./pull",
            "/v1/models/%2e%2e/%2e%2e/api/pull",
            "/v1/models/..%2f..%2fapi%2fpull", "/v1/models/%2e%2e%2f%2e%2e%2fapi%2fpull", "/api/show%2f..%2fpull",
            "/api/show/..%5cpull",
        ]),
        ("absolute-form: any scheme will do, and its host replaces Host",
        [
            "http://localhost/api/pull", "HTTP://LOCALHOST/api/pull", "https://localhost/api/pull",
            "http://localhost:11434/api/pull",
            "http:///api/pull", "http:/api/pull", "x:/api/pull", "foo://h/api/pull", "file:///api/pull",
            "http://a@localhost/api/pull",
            "http://localhost/api/show/../pull", "http://localhost//api/pull", "//localhost/api/pull",
            "http://[::1]/api/pull",
        ]),
        ("not origin-form",
        [
            "*", "api/pull", "localhost:80", "localhost/api/pull", "?/api/pull", "#/api/pull", "%2fapi%2fpull",
            "../api/pull", ".",
        ]),
        ("delimiters that some readers end a path at",
        [
            "/api/pull?", "/api/pull??", "/api/pull?/api/show", "/api/pull?x=/../show", "/api/pull#",
            "/api/pull#/api/show", "/api/pull;",
            "/api/pull;/../show", "/api/show#/../pull", "/api/show;/../pull", "/api/show%3f/../pull",
            "/api/show%23/../pull", "/api/pull&", "/api/pull,",
        ]),
        ("backslashes",
        [
            "\\api\\pull", "/api\\pull", "/api/%5cpull", "/api/show\\..\\pull", "/api/show/..\\pull",
            "/\\localhost/api/pull",
        ]),
        ("bytes outside visible ASCII",
        [
            "/api/pull\0", "/api/show\0/../pull", "/api/pull%00", "/api/show%00/../pull", "/api/pull%20",
            "/api/pull%0d%0a", "/api/pull%0aHost:x",
            "/api/pull\t", "/api/\tpull", "/api/pull\u0001", "/api/pull\u007f", "/api/pull\u0080", "/api/pull\u00ff",
            "/api/\u00c1\u00b0ull",
            "/api%c0%afpull", "/api/show\u000b/../pull", "/api/pull%7f", "/api/pull%ff",
        ]),
        ("a longer or shorter name than a rule",
        [
            "/api/pull/", "/api/pull/x", "/api", "/api/", "/api/showx", "/api/sho", "/API/SHOW", "/Api/Pull",
            "/api/show/",
        ]),
    ];

    private static readonly (string Why, string[] Targets)[] Gets =
    [
        ("pprof is on the same mux",
        [
            "/debug/pprof/", "/debug/pprof", "/debug/pprof/heap", "/debug/pprof/cmdline", "/debug//pprof/",
            "/debug/./pprof/", "//debug/pprof/",
            "/%64ebug/pprof/", "/debug%2fpprof%2f", "/x/../debug/pprof/", "http://localhost/debug/pprof/",
            "/debug/pprof/?debug=1", "/debug/pprof/../pprof/heap",
        ]),
        ("a parameter is one segment, decoded or not",
        [
            "/v1/models/", "/v1/models//", "/v1/models/a/b", "/v1/models/a%2fb", "/v1/models/a%2Fb",
            "/v1/models/a%5cb", "/v1/models/a\\b",
            "/v1/models/.", "/v1/models/..", "/v1/models/%2e", "/v1/models/%2e%2e", "/v1/models/a%00",
            "/v1/models/a%0a", "/v1/models/a%7f",
            "/v1/models/a%ff", "/v1/models/%", "/v1/models/%2", "/v1/models/..%2f..%2fdebug%2fpprof%2f",
            "/v1/models/../../debug/pprof/",
            "/v1/models/a#b", "/v1/models/a%252fb", "/v1/models/a/", "/v1/models/a/../b", "/v1/models/%c3%a9",
        ]),
        ("routes that no profile opens",
        [
            "/api/status", "/api/experimental/model-recommendations", "/metrics", "/api/ps", "/",
        ]),
    ];

    public static IEnumerable<HostileStream> All() => Of("POST", Pulls).Concat(Of("GET", Gets));

    private static IEnumerable<HostileStream> Of(string method, (string Why, string[] Targets)[] groups)
    {
        foreach (var (why, targets) in groups)
        {
            foreach (var target in targets)
            {
                var request = $"{method} {target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n";
                yield return new($"{method} {Visible(target)}", why, request);
                yield return new($"{method} {Visible(target)} as a second request", why,
                    Show("Content-Length: 2", "{}") + request);
            }
        }
    }
}
