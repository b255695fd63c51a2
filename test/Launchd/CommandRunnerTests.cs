using FastGate.Launchd;
using FastGate.Test.Support;

namespace FastGate.Test.Launchd;

[TestClass]
public sealed class CommandRunnerTests
{
    private static readonly CommandRunner Runner = new(
        "/usr/bin:/bin",
        new Dictionary<string, string> { ["FASTGATE_WORD"] = "a b" }
    );

    [TestMethod]
    public async Task Program_GetsItsArgumentsAsTheyAre() =>
        Assert.AreEqual(
            new CommandResult(0, "$HOME \"x\" *|a b", ""),
            await RunAsync("printf '%s|%s' \"$0\" \"$FASTGATE_WORD\"", "$HOME \"x\" *")
        );

    [TestMethod]
    public async Task ExitCodeAndErrors_AreReported()
    {
        CommandResult result = await RunAsync("echo out; echo first >&2; echo last >&2; exit 113");
        Assert.AreEqual(113, result.ExitCode);
        Assert.AreEqual("last", result.Description);
        Assert.IsFalse(result.Succeeded);
    }

    [TestMethod]
    public async Task MissingProgram_IsAnExitCode() =>
        Assert.AreEqual(
            CommandResult.NotFound,
            (await Runner.RunAsync("no-such-program", [], StepDeadline.Longest)).ExitCode
        );

    [TestMethod]
    public async Task FileThatIsNotAProgram_IsAnExitCode() =>
        Assert.AreEqual(126, (await Runner.RunAsync("/etc/hostname", [], StepDeadline.Longest)).ExitCode);

    [TestMethod]
    public async Task ProgramThatTakesTooLong_TimesOut()
    {
        CommandResult result = await Runner
            .RunAsync("/bin/sh", ["-c", "sleep 600"], TimeSpan.FromMilliseconds(100))
            .WithinDeadline();
        Assert.AreEqual(CommandResult.TimedOut, result.ExitCode);
    }

    [TestMethod]
    public async Task BackgroundProcess_IsNotWaitedFor()
    {
        // The background process ends by itself; until then it holds the output open.
        CommandResult result = await RunAsync("sleep 10 & echo last");
        Assert.AreEqual(0, result.ExitCode);
    }

    [TestMethod]
    [DoNotParallelize]
    [DataRow("yes")]
    [DataRow("yes >&2")]
    [DataRow("yes & exit 0")]
    public async Task ProgramThatWritesEndlessly_IsStopped(string script)
    {
        long before = GC.GetTotalAllocatedBytes();
        CommandResult result = await RunAsync(script);
        Assert.AreEqual(CommandResult.WroteTooMuch, result.ExitCode);
        Assert.AreEqual("stopped after writing more than 8 MiB", result.Description);
        Assert.IsLessThan(256 << 20, GC.GetTotalAllocatedBytes() - before);
    }

    [TestMethod]
    public async Task FollowedLines_ArriveWhole()
    {
        List<string> lines = [];
        CommandResult result = await FollowAsync(
            "printf 'a\\nb'; sleep 0.2; printf 'c\\r\\n\\nd\\n'; printf tail",
            TimeSpan.FromMinutes(5),
            lines
        );
        Assert.AreEqual(new CommandResult(0, "a\nbc\r\n\nd\ntail", ""), result);
        CollectionAssert.AreEqual((string[])["a", "bc", "", "d"], lines);
    }

    [TestMethod]
    public async Task ProgramThatKeepsWriting_IsNotStopped()
    {
        List<string> lines = [];
        CommandResult result = await FollowAsync(
            "for n in 1 2 3 4 5 6 7 8 9; do echo $n; sleep 0.6; done",
            TimeSpan.FromSeconds(4),
            lines
        );
        Assert.AreEqual(0, result.ExitCode, result.Error);
        Assert.HasCount(9, lines);
    }

    [TestMethod]
    public async Task FollowedProgramThatIsSilent_IsStopped()
    {
        List<string> lines = [];
        CommandResult result = await FollowAsync("echo a; sleep 600", TimeSpan.FromSeconds(3), lines);
        Assert.AreEqual(
            new CommandResult(CommandResult.TimedOut, "", "stopped after writing nothing for 0.05 min"),
            result
        );
        CollectionAssert.AreEqual((string[])["a"], lines);
    }

    private static Task<CommandResult> FollowAsync(string script, TimeSpan silence, List<string> lines) =>
        Runner.FollowAsync("sh", ["-c", script], silence, lines.Add).WithinDeadline();

    private static Task<CommandResult> RunAsync(string script, params string[] words) =>
        Runner.RunAsync("sh", ["-c", script, .. words], StepDeadline.Longest).WithinDeadline();
}
