using FastGate.Test.Support;

namespace FastGate.Test.Commands.Shell;

/// <summary>An interactive shell on a terminal of its own, to type into and to read the screen of.</summary>
internal sealed class ShellSession : IAsyncDisposable
{
    private const string Prompt = "ready>";

    private readonly string _tmux = Required.Tool("tmux");
    private readonly string _folder = Directory.CreateTempSubdirectory("fastgate-shell").FullName;

    private string Socket => Path.Combine(_folder, "tmux");

    /// <param name="command">The shell, with what keeps the user's own files out.</param>
    /// <param name="setUp">Loads the completion and sets the prompt.</param>
    public static async Task<ShellSession> StartAsync(string command, params string[] setUp)
    {
        ShellSession session = new();
        string path = $"PATH={Path.GetDirectoryName(SourceTree.Program)}:{Environment.GetEnvironmentVariable("PATH")}";
        await session.RunAsync(
            ["-f", "/dev/null", "new-session", "-d", "-x", "150", "-y", "80"],
            ["env", path, $"HOME={session._folder}", "TERM=xterm", "LC_ALL=C.UTF-8", .. command.Split(' ')]
        );
        foreach (string line in setUp)
            await session.TypeAsync($"{line}\n");
        await session.TypeAsync("clear\n");
        await session.WaitForAsync(screen => screen.TrimEnd().EndsWith(Prompt, StringComparison.Ordinal));
        return session;
    }

    /// <summary>Types a command line and Tab, and returns the line that the shell makes of it, once it is the expected
    /// one or time is up.</summary>
    public async Task<string> CompleteAsync(string typed, string expected)
    {
        await TypeAsync($"{typed}\t");
        string screen = await WaitForAsync(screen => LineOf(screen) == expected);
        await RunAsync(["send-keys", "C-c"], []);
        await TypeAsync("clear\n");
        await WaitForAsync(screen => screen.Trim() == Prompt);
        return LineOf(screen);
    }

    /// <summary>Types keys, and returns the screen once it has every text or time is up.</summary>
    public async Task<string> SeeAsync(string keys, params string[] texts)
    {
        await TypeAsync(keys);
        return await WaitForAsync(screen => texts.All(screen.Contains));
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync(["kill-server"], []);
        Directory.Delete(_folder, recursive: true);
    }

    private static string LineOf(string screen) =>
        screen
            .Split('\n')
            .LastOrDefault(line => line.StartsWith(Prompt, StringComparison.Ordinal))
            ?[Prompt.Length..].Trim()
        ?? "";

    private Task<string> TypeAsync(string text) => RunAsync(["send-keys", "-l"], [text]);

    private async Task<string> WaitForAsync(Func<string, bool> isThere)
    {
        string screen = "";
        for (int n = 0; n < 300; n++)
        {
            screen = await RunAsync(["capture-pane", "-p"], []);
            if (isThere(screen))
                break;
            await Task.Delay(100);
        }
        return screen;
    }

    private async Task<string> RunAsync(string[] command, string[] arguments)
    {
        await using ChildProcess process = ChildProcess.Start(_tmux, ["-S", Socket, .. command, .. arguments]);
        (int code, string output, string errors) = await process.EndAsync(StepDeadline.Longest);
        Assert.AreEqual(0, code, errors);
        return output;
    }
}
