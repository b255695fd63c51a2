using FastGate.Commands.Install;
using FastGate.Proxy.Rules;

namespace FastGate.Test.Commands.Install;

[TestClass]
public sealed class HaproxyConfigTests
{
    [TestMethod]
    public void SeedConfiguration_IsFullyUnderstood()
    {
        HaproxyConfig config = HaproxyConfig.Parse(Scenario.HaproxyConfig);
        Assert.AreEqual(
            "/v1/chat/completions… /v1/models… /v1/responses… /v1/messages… /api/version /api/tags /api/show",
            string.Join(' ', config.Allows)
        );
        Assert.AreEqual(11434, config.Port);
        Assert.AreEqual("127.0.0.1:11434", config.Server);
        Assert.IsEmpty(config.NotUnderstood);
        Assert.IsEmpty(config.NotMigrated);
    }

    [TestMethod]
    public void SeedConfiguration_NeedsNoRuleBesideTheSeed_AndOpensNothingMore()
    {
        Migration migration = MigrationOf(Scenario.HaproxyConfig);
        Assert.IsEmpty(migration.Added);
        Assert.IsEmpty(migration.Extra);
        Assert.HasCount(7, migration.Rows);
    }

    [TestMethod]
    [DataRow("acl a path /x /y\nuse_backend o if a", "/x /y")]
    [DataRow("acl a path /x\nacl a path_beg /y\nuse_backend o if a", "/x /y…")]
    [DataRow("acl a path -m beg /x\nuse_backend o if a", "/x…")]
    [DataRow("acl a path -i /x # /z\nuse_backend o if a", "/x")]
    [DataRow("acl a path /x\nacl b path /y\nuse_backend o if a or b", "/x /y")]
    [DataRow("acl a path /x\nacl b path /y\nuse_backend o if a || b", "/x /y")]
    [DataRow("acl a path_beg /x\nacl b path_end /y\nuse_backend o if a b", "/x… if b")]
    [DataRow("acl a path /x\nuse_backend o if !a", "everything if !a")]
    [DataRow("acl a path /x\nacl b path /y\nuse_backend o unless a or !b", "/y if !a")]
    [DataRow("use_backend o if { path_sub /x } !{ method DELETE }", "…/x… if !{ method DELETE }")]
    [DataRow("use_backend o if METH_POST { path /x }", "POST /x")]
    [DataRow("use_backend o", "everything")]
    [DataRow("acl a path /x", "")]
    public void WhatReachesOllama_IsNamed(string text, string allows)
    {
        // The rest is only examined if something reaches Ollama.
        string[] named =
        [
            .. Parse($"{text}\nuse_backend o if {{ path /api/tags }}").Allows.Select(allow => allow.Text),
        ];
        Assert.AreEqual($"{allows} /api/tags".Trim(), string.Join(' ', named.OrderBy(name => name == "/api/tags")));
    }

    [TestMethod]
    [DataRow(
        "use_backend o if { path /api/ps } { path",
        "line 3: use_backend o if { path /api/ps } { path (an unclosed or empty brace)"
    )]
    [DataRow("use_backend o if nobody", "line 3: use_backend o if nobody (unknown acl nobody)")]
    [DataRow(
        "use_backend %[path] if { path /x }",
        "line 3: use_backend %[path] if { path /x } (HAProxy chooses the backend at run time)"
    )]
    [DataRow("reqdeny ^/api", "line 3: reqdeny ^/api")]
    [DataRow("bind unix@/run/h.sock", "line 3: bind unix@/run/h.sock (not a TCP address)")]
    public void UnknownLines_AreReported(string text, string expected) =>
        Assert.Contains(
            expected,
            string.Join('\n', Parse($"{text}\nuse_backend o if {{ path /api/tags }}").NotUnderstood)
        );

    [TestMethod]
    [DataRow("100.64.0.1:8080", "100.64.0.1 8080")]
    [DataRow("*:80", "every 80")]
    [DataRow(":443", "every 443")]
    [DataRow("0.0.0.0:443 ssl crt /x", "every 443 tls")]
    [DataRow("[::1]:90", "::1 90")]
    [DataRow("::1:90", "::1 90")]
    [DataRow(":::90", "every 90")]
    [DataRow("ipv4@127.0.0.1:90", "127.0.0.1 90")]
    [DataRow("localhost:90", "127.0.0.1 90")]
    [DataRow("10.0.0.1:80,10.0.0.2:81", "10.0.0.1 80; 10.0.0.2 81")]
    [DataRow("\"${HOST-10.0.0.9}:80\"", "10.0.0.9 80")]
    [DataRow("*:80 interface en0", "every 80 en0")]
    [DataRow("10.0.0.1:8000-8010", "10.0.0.1 8000-8010")]
    public void Bind_IsRead(string written, string expected)
    {
        HaproxyConfig config = HaproxyConfig.Parse($"listen ollama\nbind {written}\nserver o 127.0.0.1:11434");
        Assert.AreEqual(
            expected,
            string.Join(
                "; ",
                config.Binds.Select(bind =>
                    $"{(bind.IsEveryAddress ? "every" : bind.Address)} {bind.Port}{(bind.LastPort > 0 ? $"-{bind.LastPort}" : "")}"
                    + $"{(bind.IsTls ? " tls" : "")}{(bind.Interface is { } name ? $" {name}" : "")}"
                )
            )
        );
    }

    [TestMethod]
    [DataRow("127.0.0.1:11434", "127.0.0.1:11434")]
    [DataRow("localhost:11434 check", "127.0.0.1:11434")]
    [DataRow("ipv4@127.0.0.1:11500", "127.0.0.1:11500")]
    [DataRow("[::1]:11434", "[::1]:11434")]
    [DataRow("192.168.1.5:11434", "192.168.1.5:11434")]
    [DataRow("127.0.0.1", "127.0.0.1:8080")]
    [DataRow("127.0.0.1:11434 ssl verify none", null)]
    [DataRow("127.0.0.1:11434 send-proxy-v2", null)]
    [DataRow("192.0.2.1:11434", null)]
    [DataRow("api.example.com:443 ssl", null)]
    [DataRow("gpu.lan:11434", null)]
    [DataRow("${OLLAMA}:11434", null)]
    [DataRow("unix@/run/o.sock", null)]
    [DataRow("127.0.0.1:11434 disabled", null)]
    public void Server_IsTheUpstream_OnlyOnThisMachineAndInPlainText(string written, string? upstream)
    {
        HaproxyContext context = new() { Addresses = [System.Net.IPAddress.Parse("192.168.1.5")] };
        Assert.AreEqual(
            upstream,
            HaproxyConfig.Parse($"listen ollama\nbind :8080\nserver o {written}", context).Server
        );
    }

    [TestMethod]
    [DataRow("acl a path_beg /api/", "GET /api/tags", "Yes")]
    [DataRow("acl a path_beg /API/", "GET /api/tags", "No")]
    [DataRow("acl a path_beg -i /API/", "GET /api/tags", "Yes")]
    [DataRow("acl a path -m end tags", "GET /api/tags", "Yes")]
    [DataRow("acl a path_end tags", "GET /api/tags", "Yes")]
    [DataRow("acl a path_dir api", "GET /api/tags", "Yes")]
    [DataRow("acl a path_dir ap", "GET /api/tags", "No")]
    [DataRow("acl a path_reg ^/api/(tags|ps)$", "GET /api/tags", "Yes")]
    [DataRow("acl a path_reg -i '^/API/[a-z]{4}$'", "GET /api/tags", "Yes")]
    [DataRow("acl a path_reg (", "GET /api/tags", "Maybe")]
    [DataRow("acl a url_beg /api", "GET /api/tags", "Yes")]
    [DataRow("acl a path_len lt 5", "GET /api/tags", "No")]
    [DataRow("acl a path_len 5:20", "GET /api/tags", "Yes")]
    [DataRow("acl a path,lower -m beg /api", "GET /api/tags", "Yes")]
    [DataRow("acl a path -f /no/such/file", "GET /api/tags", "Maybe")]
    [DataRow("acl a path -f paths", "GET /api/tags", "Yes")]
    [DataRow("acl a path \"${P}\"", "GET /api/tags", "Maybe")]
    [DataRow("acl a path \"${P-/api/tags}\"", "GET /api/tags", "Yes")]
    [DataRow("acl a method POST PUT", "GET /api/tags", "No")]
    [DataRow("acl a hdr(host) -i ollama.lan", "GET /api/tags", "Yes")]
    [DataRow("acl a hdr_beg(host) ollama.", "GET /api/tags", "Yes")]
    [DataRow("acl a req.hdr(host),field(1,:),lower -m end .example.com", "GET /api/tags", "Yes")]
    [DataRow("acl a base_beg ollama.lan/api", "GET /api/tags", "Yes")]
    [DataRow("acl a hdr(Upgrade) -i websocket", "GET /api/tags", "No")]
    [DataRow("acl a hdr(x-api-key) abc", "GET /api/tags", "Maybe")]
    [DataRow("acl a src 10.0.0.0/8", "GET /api/tags", "Maybe")]
    [DataRow("acl a http_auth(users)", "GET /api/tags", "Maybe")]
    [DataRow("acl a sc_http_req_rate(0) le 10", "GET /api/tags", "Yes")]
    [DataRow("acl a nbsrv(o) ge 1", "GET /api/tags", "Yes")]
    [DataRow("acl a ssl_fc", "GET /api/tags", "No")]
    [DataRow("acl a always_true", "GET /api/tags", "Yes")]
    [DataRow("acl b path /x\nacl a path /api/tags", "GET /api/tags", "Yes")]
    public void Criterion_IsEvaluated(string acl, string request, string reaches)
    {
        HaproxyContext context = new() { File = name => name == "paths" ? "# comment\n/api/tags\n" : null };
        HaproxyConfig config = HaproxyConfig.Parse(
            $"frontend f\nbind :11434\n{acl}\nuse_backend o if a\nuse_backend o if {{ path /api/ps "
                + $"}}\nbackend o\nserver o 127.0.0.1:11434",
            context
        );
        string[] parts = request.Split(' ');
        Assert.AreEqual(reaches, config.Trace(parts[0], parts[1]).Reaches.ToString());
    }

    [TestMethod]
    [DataRow("http-request deny if { path /api/tags }", "No")]
    [DataRow("http-request allow if { path /api/tags }\nhttp-request deny", "Yes")]
    [DataRow("http-request allow if { src 10.0.0.1 }\nhttp-request deny if { path /api/tags }", "Maybe")]
    [DataRow("http-request deny unless { path_beg /api }", "Yes")]
    [DataRow("http-request silent-drop if { path_beg /api }", "No")]
    [DataRow("http-request return status 200 if { path /api/tags }", "No")]
    [DataRow("http-request auth unless { http_auth(u) }", "Maybe")]
    [DataRow("tcp-request connection reject if !{ src 10.0.0.0/8 }", "Maybe")]
    [DataRow("tcp-request content reject if !HTTP", "Yes")]
    [DataRow("block if { path /api/tags }", "No")]
    [DataRow("redirect scheme https if !{ ssl_fc }", "No")]
    [DataRow("use_backend other if { path /api/tags }", "No")]
    [DataRow("use_backend other if { src 10.0.0.1 }", "Maybe")]
    [DataRow("http-request set-path /x", "Maybe")]
    public void RulesBeforeTheBackend_AreFollowed(string rules, string reaches)
    {
        HaproxyConfig config = HaproxyConfig.Parse(
            $"frontend f\nbind :11434\n{rules}\ndefault_backend o\nbackend o\nserver o "
                + $"127.0.0.1:11434\nbackend other\nserver s 127.0.0.1:1\n"
                // Keeps a way to Ollama where everything else is refused.
                + "frontend g\nbind :1\nuse_backend o if { path /api/ps }"
        );
        string reached = config.Binds[0].Port == 11434 ? config.Trace("GET", "/api/tags").Reaches.ToString() : "No";
        Assert.AreEqual(reaches, reached);
    }

    [TestMethod]
    [DataRow("/api/chat", "POST /api/chat")]
    [DataRow(
        "/api/",
        "GET /api/status,GET /api/experimental/model-recommendations,GET /api/ps,POST "
            + "/api/generate,POST /api/chat,POST /api/embed,POST /api/embeddings"
    )]
    [DataRow("/api/pull", "")]
    [DataRow("/debug", "")]
    [DataRow("/nothing", "")]
    public void Prefix_AddsOllamasRoutes_ExceptManagement(string prefix, string added)
    {
        Migration migration = MigrationOf(
            $"frontend f\nbind :11434\nacl a path_beg {prefix}\nuse_backend o if a\nbackend o\nserver o 127.0.0.1:11434"
        );
        Assert.AreEqual(added, string.Join(',', migration.Added));
        foreach (string rule in migration.Added)
            Assert.IsEmpty(OllamaRoutes.ManagementOpenedBy(Rule.Parse(rule)));
    }

    private static HaproxyConfig Parse(string text) =>
        HaproxyConfig.Parse($"frontend f\nbind :11434\n{text}\nbackend o\nserver o 127.0.0.1:11434");

    private static Migration MigrationOf(string text)
    {
        Assert.IsTrue(Profiles.TryGet(Profiles.Seed, out IReadOnlyList<Rule>? seed));
        return Migration.Of(HaproxyConfig.Parse(text), seed);
    }
}
