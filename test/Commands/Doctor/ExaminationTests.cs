using FastGate.Commands.Doctor;
using FastGate.Config;
using FastGate.Test.Commands.Install;
using FastGate.Test.Config;

namespace FastGate.Test.Commands.Doctor;

[TestClass]
public sealed class ExaminationTests
{
    [TestMethod]
    public async Task CheckThatBreaks_HasFailed_AndTheOthersAreMade() =>
        Assert.AreEqual(
            """
            Pass first
            Fail the check itself failed: FormatException: no number
            Pass last
            """.ReplaceLineEndings("\n"),
            await RunAsync(Passing("first"), Of(_ => throw new FormatException("no number")), Passing("last"))
        );

    [TestMethod]
    public async Task CheckThatTakesTooLong_HasFailed_AndTheOthersAreMade()
    {
        DoctorCheck endless = Of(EndlessAsync) with { Timeout = TimeSpan.FromMilliseconds(1) };
        Assert.AreEqual("Fail no response within 0 s\nPass last", await RunAsync(endless, Passing("last")));
    }

    [TestMethod]
    [DataRow(Needs.Gate, "Skip FastGate does not respond")]
    [DataRow(Needs.Ollama, "Skip Ollama does not respond")]
    [DataRow(Needs.Model, "Skip Ollama does not respond")]
    [DataRow(Needs.ModelTests | Needs.Gate, "Skip --skip-model-tests")]
    [DataRow(Needs.AnthropicTests | Needs.Model, "Skip --skip-anthropic-tests")]
    [DataRow(Needs.Nothing, "Pass x")]
    public async Task CheckThatLacksSomething_IsSkippedWithTheReason(object needs, string expected) =>
        Assert.AreEqual(expected, await RunAsync(Passing("x") with { Needs = (Needs)needs }));

    [TestMethod]
    public async Task EndOfTheCaller_EndsTheExamination()
    {
        using CancellationTokenSource stopping = new();
        DoctorCheck check = Of(async probe =>
        {
            await stopping.CancelAsync();
            probe.CancellationToken.ThrowIfCancellationRequested();
            return CheckResult.Pass("never");
        });
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await RunAsync([check], stopping.Token));
    }

    [TestMethod]
    public async Task EachCheck_IsToldBeforeAndAfter()
    {
        List<string> told = [];
        await foreach (CheckStep step in Examine([Passing("a"), Passing("b")], CancellationToken.None))
            told.Add($"{step.Number}/{step.Count} {(step.Report is null ? "begins" : step.Report.Result.Message)}");
        Assert.AreEqual("1/2 begins, 1/2 a, 2/2 begins, 2/2 b", string.Join(", ", told));
    }

    private static async Task<CheckResult> EndlessAsync(CheckProbe probe)
    {
        await Task.Delay(Timeout.Infinite, probe.CancellationToken);
        return CheckResult.Pass("never");
    }

    private static DoctorCheck Passing(string says) => Of(_ => Task.FromResult(CheckResult.Pass(says)));

    private static DoctorCheck Of(Func<CheckProbe, Task<CheckResult>> run) =>
        new("id", CheckGroup.Service, "title", run);

    private static Task<string> RunAsync(params DoctorCheck[] checks) => RunAsync(checks, CancellationToken.None);

    private static async Task<string> RunAsync(DoctorCheck[] checks, CancellationToken cancellationToken)
    {
        List<string> said = [];
        await foreach (CheckStep step in Examine(checks, cancellationToken))
        {
            if (step.Report is not { Result: var result })
                continue;
            said.Add($"{result.Outcome} {result.Message}");
            Assert.AreEqual(
                result.Outcome == CheckOutcome.Fail,
                result.Cure is not null,
                "What has failed has a cure."
            );
        }
        return string.Join('\n', said);
    }

    private static async IAsyncEnumerable<CheckStep> Examine(
        DoctorCheck[] checks,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using Home home = new(isMac: false);
        ConfigResult config = Configs.Read("{}");
        DoctorContext context = new(
            home.Site,
            config,
            config.Plan!,
            new DoctorOptions { SkipModelTests = true, SkipAnthropicTests = true },
            endPoint: null
        );
        await foreach (CheckStep step in new CheckRunner(context).RunAsync(checks, cancellationToken))
            yield return step;
    }
}
