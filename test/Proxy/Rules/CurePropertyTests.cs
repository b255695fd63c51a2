using System.Text;
using System.Text.RegularExpressions;
using FastGate.Proxy.Rules;

namespace FastGate.Test.Proxy.Rules;

/// <summary>A cure helps: "allow" accepts the rule it proposes, which allows the request, and a corrected base URL
/// leads to a route.</summary>
[TestClass]
public sealed partial class CurePropertyTests
{
    private static readonly string[][] Lists =
    [
        [],
        ["@seed"],
        ["@clients"],
        ["@ollama-cli", "@browser"],
        ["POST /mine", "GET,HEAD /mine/{x}"],
    ];

    /// <summary>Each known request, under each list that refuses it.</summary>
    [TestMethod]
    public void EveryCureOfAKnownRequest_Helps()
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

    /// <summary>Routes behind typical prefixes, and paths of any valid bytes.</summary>
    [TestMethod]
    public void EveryCureOfAnyOtherRequest_Helps()
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

    private static void CheckHelps(string[] list, string method, string path, ref int rules, ref int paths)
    {
        string cure = RefusedRequest.CureOf(list, method, path);
        string shown = $"[{string.Join(", ", list)}] {method} {path}: {cure}";
        Assert.AreNotEqual("", cure, shown);
        string sent = SpelledAs().Match(cure) is { Success: true } spelled ? spelled.Groups[1].Value : path;
        if (ToAllow().Match(cure) is { Success: true } toAllow)
        {
            AllowList longer = AllowList.Expand([
                .. list,
                .. toAllow.Groups["entry"].Captures.Select(entry => entry.Value),
            ]);
            Assert.IsEmpty(longer.Problems, shown);
            Assert.IsTrue(
                RuleSet.Compile(longer.Rules).Match(Ascii.Bytes(method), Ascii.Bytes(sent)).Allowed
                    || cure.Contains($", not {method}"),
                shown
            );
            rules++;
        }
        else if (Corrected(cure, sent) is { } corrected)
        {
            Assert.IsNotNull(KnownCures.OfPath(Ascii.Bytes(corrected), out _), $"{shown} would be {corrected}");
            paths++;
        }
    }

    // The path that the client would send after the correction.
    private static string? Corrected(string cure, string path)
    {
        if (ToReplace().Match(cure) is { Success: true } replace)
            return replace.Groups[1].Value + path[replace.Groups[2].Length..];
        if (ToAdd().Match(cure) is { Success: true } add)
            return add.Groups[1].Value + path;
        if (cure.Contains("remove /v1 from it", StringComparison.Ordinal) && path.Length > 6)
            return path[3..];
        if (ToRemove().Match(cure) is not { Success: true } remove)
            return null;
        string piece = remove.Groups[1].Value;
        // The piece is a prefix of the path, or follows the version.
        if (path.StartsWith(piece, StringComparison.Ordinal))
            return path[piece.Length..];
        int versionLength = path.StartsWith("/api", StringComparison.Ordinal) ? 4 : 3;
        return path[..versionLength] + path[(versionLength + piece.Length)..];
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

    [GeneratedRegex("add \"(?<entry>.+?)\"(?: and \"(?<entry>.+?)\")? to \"allow\"")]
    private static partial Regex ToAllow();

    [GeneratedRegex("without percent-encoding, as \"(.+?)\"")]
    private static partial Regex SpelledAs();

    [GeneratedRegex("must end in (/\\w+): replace \"(.+)\" with /\\w+$")]
    private static partial Regex ToReplace();

    [GeneratedRegex("must end in (/\\w+): add")]
    private static partial Regex ToAdd();

    [GeneratedRegex("^remove \"(.+)\" from the client's base URL")]
    private static partial Regex ToRemove();
}
