using System.Text;
using System.Text.RegularExpressions;
using FastGate.Proxy.Rules;

namespace FastGate.Test.Proxy.Rules;

/// <summary>What a refused client is told to do: the right thing, and what it tells people to write is taken and
/// helps.</summary>
[TestClass]
public sealed partial class CuresTests
{
    private static readonly string[][] Lists =
    [
        [],
        ["@seed"],
        ["@clients"],
        ["@ollama-cli", "@browser"],
        ["POST /mine", "GET,HEAD /mine/{x}"],
    ];

    [TestMethod]
    // A rule or a profile, where one helps.
    [DataRow("@codex", "POST /v1/chat/completions", "to open it, add \"@seed\" to \"allow\" in fastgate.json")]
    [DataRow("@seed", "POST /api/chat", "to open it, add \"@clients\" to \"allow\" in fastgate.json")]
    [DataRow("@seed", "HEAD /", "to open it, add \"@clients\" to \"allow\" in fastgate.json")]
    [DataRow("@seed", "HEAD /api/hello", "to open it, add \"@clients\" to \"allow\" in fastgate.json")]
    [DataRow("@seed", "GET /api/status", "to open it, add \"@ollama-cli\" to \"allow\" in fastgate.json")]
    [DataRow(
        "@seed",
        "POST /v1/audio/transcriptions",
        "no profile opens this: add \"POST /v1/audio/transcriptions\" to \"allow\" in fastgate.json"
    )]
    [DataRow(
        "@zed",
        "HEAD /api/tags",
        "only GET is open on this path; to open it, add \"@seed\" to \"allow\" in fastgate.json"
    )]
    // A browser's preflight needs its path as well.
    [DataRow(
        "@seed",
        "OPTIONS /api/tags",
        "only GET and HEAD are open on this path; for a browser, add \"@browser\" to \"allow\" in fastgate.json"
    )]
    [DataRow(
        "@seed",
        "OPTIONS /api/chat",
        "for a browser, add \"@clients\" and \"@browser\" to \"allow\" in fastgate.json"
    )]
    [DataRow(
        "POST /mine",
        "OPTIONS /mine",
        "only POST is open on this path; for a browser, add \"@browser\" to \"allow\" in fastgate.json"
    )]
    // The wrong method.
    [DataRow(
        "@seed",
        "GET /api/show",
        "only POST is open on this path; if the client sent POST, a redirect turned it into GET: "
            + "correct the client's base URL"
    )]
    [DataRow(
        "@seed",
        "GET /v1/messages",
        "only POST is open on this path; if the client sent POST, a redirect turned it into GET: "
            + "correct the client's base URL"
    )]
    [DataRow("@seed", "DELETE /v1/models", "only GET and HEAD are open on this path")]
    [DataRow("@seed", "PUT /v1/chat/completions", "only POST is open on this path")]
    [DataRow("@seed", "POST /api/version", "only GET and HEAD are open on this path")]
    [DataRow("@seed", "get /api/tags", "only GET and HEAD are open on this path")]
    [DataRow(
        "@seed",
        "GET /api/chat",
        "this path takes POST, not GET; to open it, add \"@clients\" to \"allow\" in fastgate.json"
    )]
    [DataRow(
        "GET,HEAD,PUT /mine",
        "POST /mine",
        "only GET, HEAD and PUT are open on this path; to open this as well, add \"POST /mine\" to "
            + "\"allow\" in fastgate.json"
    )]
    // What manages.
    [DataRow(
        "@seed",
        "POST /api/pull",
        "if the model is installed already, give its name with the tag, such as NAME:latest (Codex: -m NAME:latest); "
            + "otherwise run ollama pull on the machine that runs Ollama, since no profile opens this"
    )]
    [DataRow(
        "@seed",
        "DELETE /api/delete",
        "no profile opens this, since it manages models, keys or the server: do it on the machine that runs Ollama"
    )]
    [DataRow(
        "@seed",
        "HEAD /api/blobs/sha256:aa",
        "no profile opens this, since it manages models, keys or the server: do it on the machine that runs Ollama"
    )]
    [DataRow(
        "@seed",
        "POST /%61pi/push",
        "no profile opens this, since it manages models, keys or the server: do it on the machine that runs Ollama"
    )]
    [DataRow(
        "@seed",
        "GET /api/experimental/aliases",
        "no profile opens this, since it manages models, keys or the server: do it on the machine that runs Ollama"
    )]
    [DataRow(
        "@ollama-cli",
        "POST /api/me",
        "no profile opens this, since it hands out the link that signs the machine in: run ollama "
            + "signin on the machine that runs Ollama"
    )]
    [DataRow(
        "@seed",
        "GET /debug/pprof/heap",
        "no profile opens this, since it shows the memory of a server that has it (no release of Ollama does)"
    )]
    // A mistaken base URL.
    [DataRow("@seed", "POST /v1/v1/messages", "the client's base URL must not end in /v1: remove /v1 from it")]
    [DataRow("@seed", "POST /v1/v1/chat/completions", "the client's base URL must not end in /v1: remove /v1 from it")]
    [DataRow("@seed", "GET /v1/v1", "the client's base URL must not end in /v1: remove /v1 from it")]
    [DataRow("@seed", "GET /v1/api/tags", "the client's base URL must not end in /v1: remove /v1 from it")]
    [DataRow("@seed", "GET /ollama/api/tags", "remove \"/ollama\" from the client's base URL")]
    [DataRow("@seed", "GET /api/api/tags", "remove \"/api\" from the client's base URL")]
    [DataRow("@seed", "GET /proxy/ollama/v1/models", "remove \"/proxy/ollama\" from the client's base URL")]
    [DataRow("@seed", "GET /ollama/v1/models/qwen3:8b", "remove \"/ollama\" from the client's base URL")]
    [DataRow("@seed", "POST /openai/v1/responses", "remove \"/openai\" from the client's base URL")]
    [DataRow("@seed", "POST /api/v1/chat/completions", "remove \"/api\" from the client's base URL")]
    [DataRow(
        "@seed",
        "POST /v1/chat/completions/chat/completions",
        "remove \"/chat/completions\" from the client's base URL"
    )]
    [DataRow(
        "@seed",
        "POST /v1/chat/completions/v1/chat/completions",
        "remove \"/v1/chat/completions\" from the client's base URL"
    )]
    [DataRow("@seed", "POST /v1/messages/v1/messages", "remove \"/v1/messages\" from the client's base URL")]
    [DataRow("@seed", "POST /api/chat/api/chat", "remove \"/api/chat\" from the client's base URL")]
    [DataRow(
        "@seed",
        "POST /ollama/api/chat/completions",
        "the client's base URL must end in /v1: write it in place of \"/ollama/api\""
    )]
    [DataRow(
        "@seed",
        "POST /v2/chat/completions",
        "the client's base URL must end in /v1: write it in place of \"/v2\""
    )]
    [DataRow(
        "@seed",
        "POST /v1beta/openai/chat/completions",
        "the client's base URL must end in /v1: write it in place of \"/v1beta/openai\""
    )]
    [DataRow("@seed", "POST /chat/completions", "the client's base URL must end in /v1: add /v1 to it")]
    [DataRow("@seed", "GET /models", "the client's base URL must end in /v1: add /v1 to it")]
    [DataRow("@seed", "POST /messages", "the client's base URL must end in /v1: add /v1 to it")]
    [DataRow("@seed", "POST /chat", "the client's base URL must end in /api: add /api to it")]
    [DataRow("@seed", "POST /v1/chat", "the client's base URL must end in /api: write it in place of \"/v1\"")]
    [DataRow(
        "@seed",
        "HEAD /v1",
        "Ollama has nothing at this path itself; if it is the end of the client's base URL, remove /v1 from it"
    )]
    [DataRow(
        "@seed",
        "GET /api",
        "Ollama has nothing at this path itself; if it is the end of the client's base URL, remove /api from it"
    )]
    // What Ollama has not.
    [DataRow(
        "@seed",
        "GET /v1/models/hf.co/maker/model:Q4",
        "Ollama's GET /v1/models/{model} takes no name with a slash: "
            + "ask for the list with GET /v1/models, or for one model with POST /api/show"
    )]
    [DataRow(
        "@seed",
        "GET /v1/files",
        "Ollama has no such route: check the client's base URL; for another upstream that has it, add "
            + "\"GET /v1/files\" to \"allow\" in fastgate.json"
    )]
    [DataRow(
        "@seed",
        "POST /v1beta/models/g:generateContent",
        "this is Google's API, which Ollama does not have: "
            + "set up the client for OpenAI, with a base URL that ends in /v1"
    )]
    [DataRow("@seed", "GET /*", "Ollama has no such route: check the client's base URL")]
    [DataRow("@seed", "GET /{x...}", "Ollama has no such route: check the client's base URL")]
    [DataRow("@seed", "GET /a/:b", "Ollama has no such route: check the client's base URL")]
    [DataRow(
        "@seed",
        "POST /v1/images/generations",
        "only Ollama 0.14.3 to 0.32.5 has this route; "
            + "for one of these, add \"POST /v1/images/generations\" to \"allow\" in fastgate.json"
    )]
    [DataRow(
        "@seed",
        "POST /v1/rerank",
        "Ollama has no such route; for llama.cpp's server as upstream, add \"@llama-cpp\" to \"allow\" in fastgate.json"
    )]
    [DataRow(
        "@seed",
        "POST /tools",
        "Ollama has no such route, and no profile opens this one of llama.cpp's server, since it manages that server"
    )]
    // Another spelling of a path that is open, or that a profile would open.
    [DataRow("@seed", "GET /%61pi/tags", "send the path without percent-encoding, as \"/api/tags\"")]
    [DataRow(
        "@seed",
        "POST /api/%63hat",
        "to open it, add \"@clients\" to \"allow\" in fastgate.json; send the path without "
            + "percent-encoding, as \"/api/chat\""
    )]
    [DataRow("@zed", "GET /v1/models/qwen%3A8b", "to open it, add \"@seed\" to \"allow\" in fastgate.json")]
    public void RefusedRequest_HasItsCure(string allow, string request, string cure)
    {
        string[] parts = request.Split(' ');
        Assert.AreEqual(cure, CureOf([allow], parts[0], parts[1]));
    }

    /// <summary>Each known request, under each list that refuses it.</summary>
    [TestMethod]
    public void EveryCureOfAKnownRequest_IsTakenAndHelps()
    {
        int rules = 0,
            paths = 0;
        foreach ((string method, string path) in KnownRequests())
        {
            foreach (string[] list in Lists.Where(list => !Allows(list, method, path)))
                CheckHelps(list, method, path, ref rules, ref paths);
        }
        Assert.IsGreaterThan(100, rules);
        Assert.IsGreaterThan(20, paths);
    }

    /// <summary>Routes behind what people put before them, and paths of any valid bytes.</summary>
    [TestMethod]
    public void EveryCureOfAnyOtherRequest_IsTakenAndHelps()
    {
        Random random = new(20261127);
        string[] prefixes =
        [
            "/ollama",
            "/v1",
            "/api",
            "/proxy/ollama",
            "/openai",
            "/v1/chat/completions",
            "/api/chat",
            "/a/b/c",
            "/v2",
            "/%61",
        ];
        (string Method, string Path)[] known = [.. KnownRequests()];
        int rules = 0,
            paths = 0;
        for (int i = 0; i < 4_000; i++)
        {
            (string method, string path) = known[random.Next(known.Length)];
            if (random.Next(3) > 0)
                path = prefixes[random.Next(prefixes.Length)] + path.TrimEnd('/');
            else if (random.Next(2) > 0)
                path = RandomPath(random);
            if (random.Next(4) == 0)
                method = ((string[])["GET", "PUT", "PATCH", "get", "X-Y!", "OPTIONS"])[random.Next(6)];
            string[] list = Lists[random.Next(Lists.Length)];
            if (!Allows(list, method, path))
                CheckHelps(list, method, path, ref rules, ref paths);
        }
        Assert.IsGreaterThan(100, rules);
        Assert.IsGreaterThan(100, paths);
    }

    [TestMethod]
    public void Cure_AllocatesNothing()
    {
        RuleSet rules = RuleSet.Compile(AllowList.Expand(["@seed"]).Rules);
        byte[][] paths =
        [
            .. (
                (string[])
                    [
                        "/api/show",
                        "/ollama/api/tags",
                        "/v1/files",
                        "/%61pi/tags",
                        "/v1/models/a/b",
                        "/chat",
                        "/a/b/c/d/e/f/g/h/i/j",
                    ]
            ).Select(Ascii.Bytes),
        ];
        Span<byte> to = stackalloc byte[Cures.BytesMax];
        for (int round = 0; round < 2; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            foreach (byte[] path in paths)
                Assert.IsTrue(Cures.Write(to, rules, "GET"u8, path) > 0);
            if (round > 0)
                Assert.AreEqual(before, GC.GetAllocatedBytesForCurrentThread());
        }
    }

    [TestMethod]
    public void LongestPath_HasACure()
    {
        string path = string.Concat(Enumerable.Repeat("/a", 4000));
        Assert.AreEqual("Ollama has no such route: check the client's base URL", CureOf(["@seed"], "GET", path));
        string prefixed = "/" + new string('p', 200) + "/api/tags";
        Assert.AreEqual($"remove \"{prefixed[..201]}\" from the client's base URL", CureOf(["@seed"], "GET", prefixed));
    }

    private static void CheckHelps(string[] list, string method, string path, ref int rules, ref int paths)
    {
        string cure = CureOf(list, method, path);
        string shown = $"[{string.Join(", ", list)}] {method} {path}: {cure}";
        Assert.AreNotEqual("", cure, shown);
        string asked = SpelledAs().Match(cure) is { Success: true } spelled ? spelled.Groups[1].Value : path;
        if (ToAllow().Match(cure) is { Success: true } toAllow)
        {
            AllowList longer = AllowList.Expand([
                .. list,
                .. toAllow.Groups["entry"].Captures.Select(entry => entry.Value),
            ]);
            Assert.IsEmpty(longer.Problems, shown);
            Assert.IsTrue(
                RuleSet.Compile(longer.Rules).Match(Ascii.Bytes(method), Ascii.Bytes(asked)).Allowed
                    || cure.Contains($", not {method}"),
                shown
            );
            rules++;
        }
        else if (Corrected(cure, asked) is { } corrected)
        {
            Assert.IsNotNull(KnownCures.OfPath(Ascii.Bytes(corrected), out _), $"{shown} would be {corrected}");
            paths++;
        }
    }

    // What the client would send after the correction that it is told.
    private static string? Corrected(string cure, string path)
    {
        if (InPlaceOf().Match(cure) is { Success: true } inPlace)
            return inPlace.Groups[1].Value + path[inPlace.Groups[2].Length..];
        if (ToAdd().Match(cure) is { Success: true } add)
            return add.Groups[1].Value + path;
        if (cure.Contains("remove /v1 from it", StringComparison.Ordinal) && path.Length > 6)
            return path[3..];
        if (ToRemove().Match(cure) is not { Success: true } remove)
            return null;
        string piece = remove.Groups[1].Value;
        // Of the base URL, which comes first; what it should end in stays.
        if (path.StartsWith(piece, StringComparison.Ordinal))
            return path[piece.Length..];
        int stays = path.StartsWith("/api", StringComparison.Ordinal) ? 4 : 3;
        return path[..stays] + path[(stays + piece.Length)..];
    }

    private static string RandomPath(Random random)
    {
        const string bytes = "!\"$&'()*+,-.0123:;<=>@AZ[]^_`az{|}~";
        StringBuilder path = new();
        for (int segments = random.Next(1, 6); segments > 0; segments--)
        {
            path.Append('/');
            for (int length = random.Next(1, 5); length > 0; length--)
                path.Append(bytes[random.Next(bytes.Length)]);
            if (path[^1] == '.')
                path.Append('x');
        }
        return path.ToString();
    }

    private static IEnumerable<(string Method, string Path)> KnownRequests() =>
        from rule in (Rule[])
            [
                .. Profiles.Names.SelectMany(name =>
                    Profiles.TryGet(name, out IReadOnlyList<Rule>? rules) ? rules : []
                ),
                .. OllamaRoutes.All.Concat(LlamaRoutes.All).Select(route => route.Rule),
                .. OllamaRoutes.Gone.Select(gone => gone.Rule),
                .. (
                    (string[])["POST /chat/completions", "GET /models/x", "POST /messages", "POST /chat", "GET /tags"]
                ).Select(Rule.Parse),
            ]
        from method in rule.Methods.Append("OPTIONS").Append("GET")
        select (
            method,
            rule.Segments.Count == 0 ? "/" : string.Concat(rule.Segments.Select(segment => $"/{segment.Text}"))
        );

    private static bool Allows(string[] list, string method, string path) =>
        RuleSet.Compile(AllowList.Expand(list).Rules).Match(Ascii.Bytes(method), Ascii.Bytes(path)).Allowed;

    private static string CureOf(string[] list, string method, string path)
    {
        Span<byte> cure = stackalloc byte[Cures.BytesMax];
        return Encoding.ASCII.GetString(
            cure[
                ..Cures.Write(
                    cure,
                    RuleSet.Compile(AllowList.Expand(list).Rules),
                    Ascii.Bytes(method),
                    Ascii.Bytes(path)
                )
            ]
        );
    }

    [GeneratedRegex("add \"(?<entry>.+?)\"(?: and \"(?<entry>.+?)\")? to \"allow\"")]
    private static partial Regex ToAllow();

    [GeneratedRegex("without percent-encoding, as \"(.+?)\"")]
    private static partial Regex SpelledAs();

    [GeneratedRegex("must end in (/\\w+): write it in place of \"(.+)\"$")]
    private static partial Regex InPlaceOf();

    [GeneratedRegex("must end in (/\\w+): add")]
    private static partial Regex ToAdd();

    [GeneratedRegex("^remove \"(.+)\" from the client's base URL")]
    private static partial Regex ToRemove();
}
