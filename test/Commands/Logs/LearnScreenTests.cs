using System.Text.Json;
using FastGate.Test.Commands.Shared;
using FastGate.Test.Proxy.AccessLog;

namespace FastGate.Test.Commands.Logs;

/// <summary><c>logs --learn</c> proposes an allowlist that the config accepts and that allows only what was
/// seen.</summary>
[TestClass]
public sealed class LearnScreenTests : IDisposable
{
    private readonly TempLog _log = new();

    public void Dispose() => _log.Dispose();

    [TestMethod]
    public async Task Snippet_IsAValidConfigThatAllowsOnlyTheRequestsSeen()
    {
        See(
            "refused-path",
            "POST /api/chat",
            "GET /v1/models/qwen2.5-coder%3A32b",
            "HEAD /",
            "POST /api/pull",
            "GET /.env",
            "GET /{x...}",
            "OPTIONS /api/delete"
        );
        _log.Append(Line("POST /v1/chat/completions", "allowed"), ".1");
        CliResult result = await LearnAsync();
        Assert.AreEqual((0, ""), (result.Code, result.Error));
        Assert.Contains("Add to the current \"allow\"\n  HEAD /\n  POST /api/chat\n", result.Out);
        await CheckSnippetAsync(
            result.Out,
            open: ["POST /api/chat", "GET /v1/models/other", "HEAD /", "POST /v1/chat/completions"],
            closed:
            [
                "POST /api/pull",
                "GET /.env",
                "GET /",
                "GET /v1/models",
                "DELETE /api/delete",
                "OPTIONS /api/delete",
                "GET /api/tags",
                "GET /x",
                "HEAD /v1/models/other",
            ]
        );
    }

    [TestMethod]
    public async Task UnknownRequests_AreProposedWithTheFlag()
    {
        See("refused-path", "GET /mine", "GET /{x...}", "GET /a\\u001b[31m", "POST /%61pi/pull", "POST /api/create");
        CliResult result = await LearnAsync("--with-unknown");
        Assert.DoesNotContain("\u001b", result.Out);
        await CheckSnippetAsync(
            result.Out,
            open: ["GET /mine"],
            closed: ["GET /x", "GET /a", "POST /api/pull", "POST /api/create"]
        );
    }

    [TestMethod]
    public async Task CurrentAllowlist_CoversTheRequests()
    {
        See("allowed", "POST /v1/chat/completions", "GET /api/version");
        CliResult result = await LearnAsync();
        Assert.Contains("The current \"allow\" covers all of these requests for Ollama.", result.Out);
        Assert.DoesNotContain("Add to", result.Out);
    }

    [TestMethod]
    public async Task Refusals_HaveACure()
    {
        See("refused-path", "POST /v1/v1/messages");
        Assert.Contains("the client's base URL must not end in /v1", (await LearnAsync()).Out);
    }

    /// <summary>The log's host names are untrusted, so they are escaped for the terminal.</summary>
    [TestMethod]
    public async Task RefusedHosts_AreListed()
    {
        foreach (string host in (string[])["ollama.example.com", "ollama.example.com", "a\\u001b[31m.example.org"])
            _log.Append(
                Line("GET /api/tags", "refused-host")
                    .Replace("\"status\"", $"\"host\":\"{host}\",\"status\"", StringComparison.Ordinal)
            );
        CliResult result = await LearnAsync();
        Assert.Contains(
            "Refused because of the host name: 3; if a name belongs to this machine, add it to \"hosts\"\n  "
                + "ollama.example.com  2\n",
            result.Out
        );
        Assert.DoesNotContain("\u001b", result.Out);
    }

    [TestMethod]
    public async Task ProposedProfile_IsShownWithItsRules()
    {
        See("refused-path", "GET /api/tags", "POST /api/show", "POST /api/chat");
        CliResult result = await LearnAsync();
        Assert.Contains("@zed: GET /api/tags; POST /api/show; POST /api/chat\n\"allow\": [\n  \"@zed\"\n]", result.Out);
        await CheckSnippetAsync(result.Out, open: ["POST /api/chat"], closed: ["HEAD /api/tags", "GET /api/version"]);
    }

    /// <summary>A management request that the owner's rule allowed is reported, but not proposed.</summary>
    [TestMethod]
    public async Task AllowedManagement_IsReportedAndNotProposed()
    {
        See("allowed", "POST /api/pull", "GET /api/tags");
        CliResult result = await LearnAsync();
        Assert.Contains("ALLOWED by one of your rules", result.Out);
        await CheckSnippetAsync(result.Out, open: ["GET /api/tags"], closed: ["POST /api/pull"]);
    }

    [TestMethod]
    public async Task EmptyLog_IsCode1()
    {
        _log.Append("");
        Assert.AreEqual(1, (await LearnAsync()).Code);
    }

    private async Task CheckSnippetAsync(string output, string[] open, string[] closed)
    {
        string snippet = output[output.IndexOf("\"allow\": [", StringComparison.Ordinal)..];
        using (JsonDocument.Parse($"{{{snippet}}}")) { }
        string config = _log.Path + ".json";
        await File.WriteAllTextAsync(config, $"{{{snippet}}}");
        CliResult valid = await Cli.RunAsync("check", "--config", config);
        Assert.AreEqual(0, valid.Code, valid.Error);
        Assert.DoesNotContain("warning", valid.Out);
        foreach (string request in open)
            Assert.AreEqual(
                0,
                (await Cli.RunAsync(["check", "--config", config, .. request.Split(' ')])).Code,
                request
            );
        foreach (string request in closed)
            Assert.AreEqual(
                1,
                (await Cli.RunAsync(["check", "--config", config, .. request.Split(' ')])).Code,
                request
            );
    }

    private Task<CliResult> LearnAsync(params string[] flags) =>
        Cli.RunAsync(["logs", "--learn", "--config", Cli.Empty, "--access-log", _log.Path, .. flags]);

    private void See(string verdict, params string[] requests)
    {
        foreach (string request in requests)
            _log.Append(Line(request, verdict));
    }

    private static string Line(string request, string verdict)
    {
        string[] parts = request.Split(' ', 2);
        return $$"""{"time":"2026-11-20T12:00:00.000Z","peer":"100.64.0.7","method":"{{parts[0]}}","path":"{{parts[1]}}","verdict":"{{verdict}}","status":403}"""
            + "\n";
    }
}
