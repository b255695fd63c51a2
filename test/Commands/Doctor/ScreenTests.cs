using FastGate.Test.Support;

namespace FastGate.Test.Commands.Doctor;

[TestClass]
public sealed class ScreenTests
{
    private const char Escape = '\e';

    [TestMethod]
    public async Task Piped_IsPlainLines_WithTheCureUnderEachFault()
    {
        await using MacClinic mac = await MacClinic.OpenAsync();
        mac.Forget("print-com.fastgate");
        (int code, string said) = await mac.ShowAsync();
        Assert.AreEqual(1, code);
        Assert.Contains(
            "\n  FAIL  agent com.fastgate     com.fastgate is not loaded\n        cure: launchctl "
                + "bootstrap gui/501 ~/Library/LaunchAgents/com.fastgate.plist\n",
            said
        );
        Assert.Contains("\nOpenAI API\n  PASS  models                 2 models\n", said);
        Assert.Contains("\n  SKIP  5 checks               --skip-model-tests\n", said);
        Assert.Contains("\nFailed: gate-agent\n", said);
        Assert.DoesNotContain(Escape, said);
    }

    [TestMethod]
    public async Task Verbose_ShowsRequestsCommandsAndTimes()
    {
        await using MacClinic mac = await MacClinic.OpenAsync();
        (_, string said) = await mac.ShowAsync(verbose: true);
        Assert.Contains("\n        > launchctl print gui/501/com.fastgate\n        < gui/501/com.fastgate = {", said);
        Assert.Contains("> GET /api/version at 127.0.0.1:", said);
        Assert.Contains("\n        < 200 {\"version\":\"0.21.0\"} [", said);
        Assert.Contains("POST /%61pi/pull HTTP/1.1\\r\\n", said);
        Assert.Contains(" ms, spellings 22\n", said);
    }

    /// <summary>A version that steers the terminal once reached it as it was.</summary>
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task WordsOfOllama_DoNotSteerTheTerminal(bool verbose)
    {
        await using MacClinic mac = await MacClinic.OpenAsync();
        mac.Instead["/api/version"] = (200, """{"version":"1\u001b[31m\u009b2J\u202e2"}""");
        (_, string said) = await mac.ShowAsync(verbose: verbose);
        Assert.Contains(@"version 1\x1B[31m\x9B2J\u202E2 responds", said);
        Assert.IsFalse(said.Any(letter => letter is Escape or '\u009b' or '\u202e'));
    }

    /// <summary>A live screen is drawn by other code than lines in a pipe: it once ended the program.</summary>
    [TestMethod]
    public async Task RealTerminal_ShowsProgressAndTakesItBack()
    {
        (string said, int code) = await OnTerminalAsync("");
        Assert.AreEqual(1, code, said);
        Assert.Contains("gate", said);
        Assert.Contains("nothing responds at 127.0.0.1:1", said);
        Assert.Contains($"{Escape}[2K", said);
        Assert.Contains($"{Escape}[36mssh 127.0.0.1 fastgate doctor{Escape}[0m", said);
        Assert.DoesNotContain("Unhandled", said);
    }

    [TestMethod]
    public async Task NoColor_IsRespected()
    {
        (string said, int code) = await OnTerminalAsync("NO_COLOR=1");
        Assert.AreEqual(1, code, said);
        Assert.Contains("cure: ssh 127.0.0.1 fastgate doctor", said);
        // .NET itself sets up the keys of a terminal; nothing else is to be there.
        Assert.DoesNotContain(Escape, said.Replace($"{Escape}[?1h{Escape}=", "", StringComparison.Ordinal));
    }

    // util-linux's script gives a program a terminal, and ends as it ends with -e.
    private static async Task<(string Said, int Code)> OnTerminalAsync(string variable)
    {
        string command = $"{variable} TERM=xterm-256color {SourceTree.Program} doctor --target 127.0.0.1:1";
        await using ChildProcess script = ChildProcess.Start(
            Required.Tool("script"),
            ["-qec", command.Trim(), "/dev/null"]
        );
        (int code, string said, _) = await script.EndAsync(StepDeadline.Longest);
        return (said, code);
    }
}
