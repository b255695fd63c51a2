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
    // What a rule would read as a parameter is no path to propose: a client could have everything opened.
    [DataRow("GET /{x...}", "refused-path", nameof(RequestKind.Unknown), null)]
    [DataRow("GET /a/{b}", "refused-path", nameof(RequestKind.Unknown), null)]
    [DataRow("GET /cut…", "refused-path", nameof(RequestKind.Unknown), null)]
    [DataRow("GET /a\u001b[31m", "refused-path", nameof(RequestKind.Unknown), null)]
    public void Request_IsOfAKindAndHasARule(string request, string verdict, string kind, string? rule) =>
        Check(Lines.Of(request, verdict), Enum.Parse<RequestKind>(kind), rule);

    [TestMethod]
    [DataRow("GET /files/a", "GET,HEAD /files/{name}", "GET /files/{name}")]
    [DataRow("GET /files/a", "GET /{rest...}", "GET /files/a")]
    [DataRow("GET /files/a", "GET /files/…", "GET /files/a")]
    [DataRow("GET /files/a", null, "GET /files/a")]
    // A rule that would open what manages the server is not taken over.
    [DataRow("POST /api/mine", "POST /api/{any}", "POST /api/mine")]
    public void RequestThatTheOwnersRuleAllowed_HasThatRuleOrItself(string request, string? owners, string rule) =>
        Check(Lines.Of(request, rule: owners), RequestKind.Legitimate, rule);

    [TestMethod]
    public void RequestAllowedByAWideRule_HasTheRuleOfItsRoute() =>
        Check(Lines.Of("POST /api/chat", rule: "POST /{all...}"), RequestKind.Legitimate, "POST /api/chat");

    [TestMethod]
    public void EveryManagementRoute_IsNeverProposed()
    {
        foreach (OllamaRoute route in OllamaRoutes.All.Concat(LlamaRoutes.All).Where(route => route.IsManagement))
        {
            string path = string.Concat(
                route.Rule.Segments.Select(segment => segment.Kind == SegmentKind.Literal ? $"/{segment.Text}" : "/x")
            );
            foreach (string method in route.Rule.Methods.Append("OPTIONS"))
                Check(Lines.Of($"{method} {path}", rule: $"{method} {path}"), RequestKind.Management, null);
        }
    }

    [TestMethod]
    public void RequestsOfOneRule_AreCountedTogether()
    {
        LogAnalysis learning = new();
        learning.Add(Lines.Of("GET /v1/models/a", peer: "100.64.0.1"));
        learning.Add(Lines.Of("GET /v1/models/b", "refused-path", peer: "100.64.0.2"));
        learning.Add(Lines.Of("GET /v1/models/b", "refused-path", peer: "100.64.0.2"));
        ObservedRequest seen = learning.Of(RequestKind.Legitimate).Single();
        Assert.AreEqual((3L, 2L, 2), (seen.Requests, seen.Refused, seen.Peers));
    }

    [TestMethod]
    public void WhatNoRuleCanOpen_IsCountedOnly()
    {
        LogAnalysis learning = new();
        learning.Add(Lines.Of("GET /../a", "fault-target-dot-segment"));
        learning.Add(Lines.Of(" ", "fault-client-spoke-tls"));
        learning.Add(Lines.Of("POST /api/chat", "refused-host"));
        learning.Add(Lines.Dropped(9));
        Assert.AreEqual(
            (3L, 2L, 1L, 9L),
            (learning.Requests, learning.Malformed, learning.ForeignHosts, learning.Missing)
        );
        Assert.IsEmpty(learning.Of(RequestKind.Unknown));
    }

    [TestMethod]
    public void RefusedHosts_AreNamedAndCounted()
    {
        LogAnalysis learning = new();
        foreach (string? host in (string?[])["ollama.example.com", "OLLAMA.example.com", "a.example.org", null])
            learning.Add(Lines.Of("POST /api/chat", "refused-host") with { Host = host });
        Assert.AreEqual(4, learning.ForeignHosts);
        Assert.AreEqual(
            "ollama.example.com 2, a.example.org 1",
            string.Join(", ", learning.Hosts.Select(host => $"{host.Name} {host.Requests}"))
        );
        for (int i = 0; i < 5000; i++)
            learning.Add(Lines.Of("POST /api/chat", "refused-host") with { Host = $"h{i}.example.com" });
        Assert.AreEqual((5004L, 1000), (learning.ForeignHosts, learning.Hosts.Count));
    }

    /// <summary>The client posts next, which has a line of its own: a rule for GET would help nobody.</summary>
    [TestMethod]
    public void RequestForAWebSocket_IsCountedAndNotProposed()
    {
        LogAnalysis learning = new();
        learning.Add(Lines.Of("GET /v1/responses", "refused-upgrade"));
        Assert.AreEqual((1L, 1L, 0L), (learning.Requests, learning.Upgrades, learning.Malformed));
        foreach (RequestKind kind in Enum.GetValues<RequestKind>())
            Assert.IsEmpty(learning.Of(kind));
    }

    /// <summary>A scanner can make up paths for ever.</summary>
    [TestMethod]
    public void EndlessPaths_HaveALimit()
    {
        LogAnalysis learning = new();
        for (int n = 0; n < LogAnalysis.KindsMax + 5; n++)
            learning.Add(Lines.Of($"GET /{n}", "refused-path"));
        Assert.HasCount(LogAnalysis.KindsMax, learning.Of(RequestKind.Unknown));
        Assert.AreEqual(5, learning.Uncounted);
    }

    private static void Check(LogLine line, RequestKind kind, string? rule)
    {
        LogAnalysis learning = new();
        learning.Add(line);
        ObservedRequest seen = learning.Of(kind).Single();
        Assert.AreEqual(rule, seen.Rule?.ToString());
        if (seen.Rule is null || !Ascii.IsValid(line.Path))
            return;
        // The rule allows the request that it stands for.
        Assert.IsTrue(
            RuleSet
                .Compile([seen.Rule])
                .Match(Encoding.ASCII.GetBytes(line.Method), Encoding.ASCII.GetBytes(line.Path))
                .Allowed
        );
    }
}
