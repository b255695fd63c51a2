using FastGate.Test.Commands.Shared;

namespace FastGate.Test.Commands.Shell;

[TestClass]
public sealed class CompletionTests
{
    [TestMethod]
    [DataRow("fastgate stat", "status")]
    [DataRow("~/.local/bin/fastgate unin", "uninstall")]
    [DataRow("fastgate help dem", "demo")]
    [DataRow("fastgate --lis", "--listen")]
    [DataRow("fastgate --listen 127.0.0.1:1 --allow @se", "@seed")]
    [DataRow("fastgate --vers", "--version")]
    [DataRow("fastgate check --allow @cl", "@claude-code @clients @cline")]
    [DataRow("fastgate check --allow @seed --allow @z", "@zed")]
    [DataRow("fastgate clients codex z", "zed")]
    [DataRow("fastgate install --clients codex,z", "codex,zed")]
    [DataRow("fastgate run --backend ep", "epoll")]
    [DataRow("fastgate run --log-level w", "warning")]
    [DataRow("fastgate doctor --skip-a", "--skip-anthropic-tests")]
    [DataRow("fastgate frobnicate ", "")]
    [DataRow("fastgate frobnicate --he", "")]
    [DataRow("fastgate run --config ", "")]
    [DataRow("fastgate warm ", "")]
    [DataRow("fastgate", "")]
    [DataRow("", "")]
    [DataRow("fastgate \"unbalanced ", "")]
    public async Task Words_AreThoseThatFit(string line, string words) =>
        Assert.AreEqual(words, string.Join(' ', (await CompleteAsync(line)).Select(item => item.Split('\t')[0])));

    [TestMethod]
    public async Task Verbs_AreOfferedFirst_WithTheirDescriptions()
    {
        string[] items = await CompleteAsync("fastgate ");
        Assert.Contains($"run{'\t'}Run the gate; this is the default verb", items);
        Assert.IsFalse(items.Any(item => item.StartsWith('-')), string.Join('\n', items));
    }

    private static async Task<string[]> CompleteAsync(string line)
    {
        CliResult result = await Cli.RunAsync("[complete]", line);
        Assert.AreEqual((0, ""), (result.Code, result.Error));
        return result.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
