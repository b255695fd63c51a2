using System.Text;
using FastGate.Commands.Logs;
using FastGate.Proxy.AccessLog;
using FastGate.Proxy.Rules;

namespace FastGate.Test.Commands.Logs;

[TestClass]
public sealed class LogAnalysisTests
{
    [TestMethod]
    [DataRow("POST /api/chat", "refused-path", nameof(RequestKind.Legitimate), "POST /api/chat")]
    [DataRow(
        "GET /v1/models/qwen2.5-coder%3A32b",
        "refused-path",
        nameof(RequestKind.Legitimate),
        "GET /v1/models/{model}"
    )]
    [DataRow("HEAD /", "refused-method", nameof(RequestKind.Legitimate), "HEAD /")]
    [DataRow("POST /api/chat", "unavailable", nameof(RequestKind.Legitimate), "POST /api/chat")]
    [DataRow("POST /api/chat", "refused-host", nameof(RequestKind.Legitimate), "POST /api/chat")]
    [DataRow("OPTIONS /v1/models/x", "refused-path", nameof(RequestKind.Legitimate), "OPTIONS /v1/models/{model}")]
    [DataRow("POST /api/pull", "refused-path", nameof(RequestKind.Management), null)]
    [DataRow("GET /api/pull", "refused-path", nameof(RequestKind.Management), null)]
    [DataRow("POST /%61pi/pull", "refused-path", nameof(RequestKind.Management), null)]
    [DataRow("POST /api/pull", "allowed", nameof(RequestKind.Management), null)]
    [DataRow("OPTIONS /api/delete", "refused-path", nameof(RequestKind.Management), null)]
    [DataRow("HEAD /api/blobs/sha256:00", "refused-path", nameof(RequestKind.Management), null)]
    [DataRow("GET /debug/pprof/heap", "refused-path", nameof(RequestKind.Management), null)]
    [DataRow("BREW /debug/pprof", "refused-path", nameof(RequestKind.Management), null)]
    [DataRow("GET /.env", "refused-path", nameof(RequestKind.Unknown), "GET /.env")]
    [DataRow("GET /api/chat", "refused-method", nameof(RequestKind.Unknown), "GET /api/chat")]
    [DataRow("POST /v1/v1/messages", "refused-path", nameof(RequestKind.Unknown), "POST /v1/v1/messages")]
    [DataRow("POST /%61pi/chat", "refused-path", nameof(RequestKind.Unknown), "POST /%61pi/chat")]
    // A path that a rule would read as a parameter is not proposed: a client could get everything allowed.
    [DataRow("GET /{x...}", "refused-path", nameof(RequestKind.Unknown), null)]
    [DataRow("GET /a/{b}", "refused-path", nameof(RequestKind.Unknown), null)]
    [DataRow("GET /cut…", "refused-path", nameof(RequestKind.Unknown), null)]
    [DataRow("GET /a\u001b[31m", "refused-path", nameof(RequestKind.Unknown), null)]
    public void Request_HasAKindAndARule(string request, string verdict, string kind, string? rule) =>
        Check(LogLines.Of(request, verdict), Enum.Parse<RequestKind>(kind), rule);

    [TestMethod]
    [DataRow("GET /files/a", "GET,HEAD /files/{name}", "GET /files/{name}")]
    [DataRow("GET /files/a", "GET /{rest...}", "GET /files/a")]
    [DataRow("GET /files/a", "GET /files/…", "GET /files/a")]
    [DataRow("GET /files/a", null, "GET /files/a")]
    // A rule that would allow a management route is not proposed.
    [DataRow("POST /api/mine", "POST /api/{any}", "POST /api/mine")]
    public void RequestAllowedByTheOwnersRule_HasThatRuleOrItsPath(string request, string? owners, string rule) =>
        Check(LogLines.Of(request, rule: owners), RequestKind.Legitimate, rule);

    [TestMethod]
    public void RequestAllowedByAWideRule_HasTheRuleOfItsRoute() =>
        Check(LogLines.Of("POST /api/chat", rule: "POST /{all...}"), RequestKind.Legitimate, "POST /api/chat");

    [TestMethod]
    public void EveryManagementRoute_IsNeverProposed()
    {
        foreach (OllamaRoute route in OllamaRoutes.All.Concat(LlamaRoutes.All).Where(route => route.IsManagement))
        {
            string path = string.Concat(
                route.Rule.Segments.Select(segment => segment.Kind == SegmentKind.Literal ? $"/{segment.Text}" : "/x")
            );
            foreach (string method in route.Rule.Methods.Append("OPTIONS"))
                Check(LogLines.Of($"{method} {path}", rule: $"{method} {path}"), RequestKind.Management, null);
        }
    }

    [TestMethod]
    public void RequestsOfOneRule_AreCountedTogether()
    {
        LogAnalysis analysis = new();
        analysis.Add(LogLines.Of("GET /v1/models/a", peer: "100.64.0.1"));
        analysis.Add(LogLines.Of("GET /v1/models/b", "refused-path", peer: "100.64.0.2"));
        analysis.Add(LogLines.Of("GET /v1/models/b", "refused-path", peer: "100.64.0.2"));
        ObservedRequest seen = analysis.Of(RequestKind.Legitimate).Single();
        Assert.AreEqual((3L, 2L, 2), (seen.Requests, seen.Refused, seen.Peers));
    }

    [TestMethod]
    public void RequestsThatNoRuleCanAllow_AreOnlyCounted()
    {
        LogAnalysis analysis = new();
        analysis.Add(LogLines.Of("GET /../a", "fault-target-dot-segment"));
        analysis.Add(LogLines.Of(" ", "fault-client-spoke-tls"));
        analysis.Add(LogLines.Of("POST /api/chat", "refused-host"));
        analysis.Add(LogLines.Dropped(9));
        Assert.AreEqual(
            (3L, 2L, 1L, 9L),
            (analysis.Requests, analysis.Malformed, analysis.ForeignHosts, analysis.Missing)
        );
        Assert.IsEmpty(analysis.Of(RequestKind.Unknown));
    }

    [TestMethod]
    public void RefusedHosts_AreNamedAndCounted()
    {
        LogAnalysis analysis = new();
        foreach (string? host in (string?[])["ollama.example.com", "OLLAMA.example.com", "a.example.org", null])
            analysis.Add(LogLines.Of("POST /api/chat", "refused-host") with { Host = host });
        Assert.AreEqual(4, analysis.ForeignHosts);
        Assert.AreEqual(
            "ollama.example.com 2, a.example.org 1",
            string.Join(", ", analysis.Hosts.Select(host => $"{host.Name} {host.Requests}"))
        );
        for (int i = 0; i < 5000; i++)
            analysis.Add(LogLines.Of("POST /api/chat", "refused-host") with { Host = $"h{i}.example.com" });
        Assert.AreEqual((5004L, 1000), (analysis.ForeignHosts, analysis.Hosts.Count));
    }

    /// <summary>The client's next request is a POST with a line of its own, so a rule for GET would not help.</summary>
    [TestMethod]
    public void WebSocketRequest_IsCountedAndNotProposed()
    {
        LogAnalysis analysis = new();
        analysis.Add(LogLines.Of("GET /v1/responses", "refused-upgrade"));
        Assert.AreEqual((1L, 1L, 0L), (analysis.Requests, analysis.Upgrades, analysis.Malformed));
        foreach (RequestKind kind in Enum.GetValues<RequestKind>())
            Assert.IsEmpty(analysis.Of(kind));
    }

    /// <summary>A scanner can invent any number of paths.</summary>
    [TestMethod]
    public void EndlessPaths_HaveALimit()
    {
        LogAnalysis analysis = new();
        for (int n = 0; n < LogAnalysis.KindsMax + 5; n++)
            analysis.Add(LogLines.Of($"GET /{n}", "refused-path"));
        Assert.HasCount(LogAnalysis.KindsMax, analysis.Of(RequestKind.Unknown));
        Assert.AreEqual(5, analysis.Uncounted);
    }

    private static void Check(LogLine line, RequestKind kind, string? rule)
    {
        LogAnalysis analysis = new();
        analysis.Add(line);
        ObservedRequest seen = analysis.Of(kind).Single();
        Assert.AreEqual(rule, seen.Rule?.ToString());
        if (seen.Rule is null || !Ascii.IsValid(line.Path))
            return;
        // The rule allows the request that it was derived from.
        Assert.IsTrue(
            RuleSet
                .Compile([seen.Rule])
                .Match(Encoding.ASCII.GetBytes(line.Method), Encoding.ASCII.GetBytes(line.Path))
                .Allowed
        );
    }
}
