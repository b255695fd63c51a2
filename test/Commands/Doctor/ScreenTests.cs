using FastGate.Test.Support;

namespace FastGate.Test.Commands.Doctor;

[TestClass]
public sealed class ScreenTests
{
    private const char Escape = '\e';

    [TestMethod]
    public async Task Piped_IsPlainLines_WithTheFixBelowEachFailure()
    {
        await using MacDoctorHarness mac = await MacDoctorHarness.OpenAsync();
        mac.Forget("print-com.fastgate");
        (int code, string output) = await mac.ShowAsync();
        Assert.AreEqual(1, code);
        Assert.Contains(
            "\n  FAIL  agent com.fastgate     com.fastgate is not loaded\n        fix: launchctl "
                + "bootstrap gui/501 ~/Library/LaunchAgents/com.fastgate.plist\n",
            output
        );
        Assert.Contains("\nOpenAI API\n  PASS  models                 2 models\n", output);
        Assert.Contains("\n  SKIP  5 checks               --skip-model-tests\n", output);
        Assert.Contains("\nFailed: gate-agent\n", output);
        Assert.DoesNotContain(Escape, output);
    }

    [TestMethod]
    public async Task Verbose_ShowsRequestsCommandsAndTimes()
    {
        await using MacDoctorHarness mac = await MacDoctorHarness.OpenAsync();
        (_, string output) = await mac.ShowAsync(verbose: true);
        Assert.Contains("\n        > launchctl print gui/501/com.fastgate\n        < gui/501/com.fastgate = {", output);
        Assert.Contains("> GET /api/version at 127.0.0.1:", output);
        Assert.Contains("\n        < 200 {\"version\":\"0.21.0\"} [", output);
        Assert.Contains("POST /%61pi/pull HTTP/1.1\\r\\n", output);
        Assert.Contains(" ms, spellings 22\n", output);
    }

    /// <summary>Escape sequences in a version once reached the terminal.</summary>
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task ResponsesOfOllama_DoNotControlTheTerminal(bool verbose)
    {
        await using MacDoctorHarness mac = await MacDoctorHarness.OpenAsync();
        mac.Overrides["/api/version"] = (200, """{"version":"1\u001b[31m\u009b2J\u202e2"}""");
        (_, string output) = await mac.ShowAsync(verbose: verbose);
        Assert.Contains(@"version 1\x1B[31m\x9B2J\u202E2 responds", output);
        Assert.IsFalse(output.Any(letter => letter is Escape or '\u009b' or '\u202e'));
    }

    /// <summary>A live screen is drawn by different code than lines in a pipe; it once crashed the program.</summary>
    [TestMethod]
    [TestCategory(Category.Process)]
    public async Task RealTerminal_ShowsProgressAndErasesIt()
    {
        (string output, int code) = await OnTerminalAsync("");
        Assert.AreEqual(1, code, output);
        Assert.Contains("gate", output);
        Assert.Contains("nothing responds at 127.0.0.1:1", output);
        Assert.Contains($"{Escape}[2K", output);
        Assert.Contains($"{Escape}[38;5;31mssh 127.0.0.1 fastgate doctor{Escape}[0m", output);
        Assert.DoesNotContain("Unhandled", output);
    }

    [TestMethod]
    [TestCategory(Category.Process)]
    public async Task NoColor_IsRespected()
    {
        (string output, int code) = await OnTerminalAsync("NO_COLOR=1");
        Assert.AreEqual(1, code, output);
        Assert.Contains("fix: ssh 127.0.0.1 fastgate doctor", output);
        // .NET itself sets up the keys of a terminal; there must be nothing else.
        Assert.DoesNotContain(Escape, output.Replace($"{Escape}[?1h{Escape}=", "", StringComparison.Ordinal));
    }

    // util-linux's script gives a program a terminal and, with -e, returns its exit code.
    private static async Task<(string Output, int Code)> OnTerminalAsync(string variable)
    {
        string command = $"{variable} TERM=xterm-256color {SourceTree.Program} doctor --target 127.0.0.1:1";
        await using ChildProcess script = ChildProcess.Start(
            Required.Tool("script"),
            ["-qec", command.Trim(), "/dev/null"]
        );
        (int code, string output, _) = await script.EndAsync(StepDeadline.Longest);
        return (output, code);
    }
}
