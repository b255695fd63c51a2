using FastGate.Test.Support;

namespace FastGate.Test.Commands.Shell;

/// <summary>The completion scripts in the shells themselves, on a terminal.</summary>
[TestClass]
public sealed class ShellCompletionTests
{
    private static readonly string Scripts = Path.Combine(SourceTree.Root, "src/Filter/Commands/Shell");

    // Each shell leaves a space after a word that is complete; the line is trimmed.
    private static readonly (string Typed, string Completed)[] Lines =
    [
        ("fastgate unin", "fastgate uninstall"),
        ("fastgate check --acc", "fastgate check --access-log"),
        ("fastgate --up", "fastgate --upstream"),
        ("fastgate help clie", "fastgate help clients"),
        ("fastgate clients claud", "fastgate clients claude-code"),
        // Bash splits words at @ and at colons.
        ("fastgate check --allow @claud", "fastgate check --allow @claude-code"),
        ("fastgate run --listen tailscale:1", "fastgate run --listen tailscale:11434"),
        ("fastgate install --clients codex,claud", "fastgate install --clients codex,claude-code"),
        // Where the program knows nothing, files.
        ("fastgate run --config /etc/passw", "fastgate run --config /etc/passwd"),
    ];

    [TestMethod, TestCategory(Category.Process)]
    public Task Bash_Completes() =>
        CheckAsync("bash", "bash --noprofile --norc -i", "PS1='ready> '", "source {0}/fastgate.bash");

    [TestMethod, TestCategory(Category.Process)]
    public Task Zsh_Completes() =>
        CheckAsync(
            "zsh",
            "zsh -f -i",
            "PS1='ready> '",
            "fpath=({0} $fpath) && autoload -Uz compinit && compinit -u -D"
        );

    [TestMethod, TestCategory(Category.Process)]
    public Task Fish_Completes() =>
        CheckAsync(
            "fish",
            "fish --private --no-config -i",
            "function fish_prompt; echo 'ready> '; end",
            "function fish_right_prompt; end",
            "set -g fish_autosuggestion_enabled 0",
            "source {0}/fastgate.fish"
        );

    private static async Task CheckAsync(string shell, string command, params string[] setUp)
    {
        Required.Tool(shell);
        await using ShellSession session = await ShellSession.StartAsync(
            command,
            [.. setUp.Select(line => line.Replace("{0}", Scripts, StringComparison.Ordinal))]
        );
        foreach ((string typed, string completed) in Lines)
            Assert.AreEqual(completed, await session.CompleteAsync(typed, completed), $"{shell}: {typed}");
        string menu = await session.SeeAsync("fastgate clients co\t\t", "codex", "continue-cli");
        Assert.Contains("codex", menu);
        Assert.Contains("continue-cli", menu);
    }
}
