using System.Net;
using FastGate.Commands.Doctor;
using FastGate.Config;
using FastGate.Host;
using FastGate.Launchd;
using FastGate.Test.Commands.Install;
using FastGate.Test.Config;

namespace FastGate.Test.Commands.Doctor;

[TestClass]
public sealed class CheckRunnerTests
{
    private static readonly IPEndPoint Ollama = new(IPAddress.Loopback, 11434);

    [TestMethod]
    public async Task CheckThatThrows_Fails_AndTheOthersRun() =>
        Assert.AreEqual(
            """
            Pass first
            Fail the check itself failed: FormatException: no number
            Pass last
            """.ReplaceLineEndings("\n"),
            await RunAsync(Passing("first"), Of(_ => throw new FormatException("no number")), Passing("last"))
        );

    [TestMethod]
    public async Task CheckThatTakesTooLong_Fails_AndTheOthersRun()
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
    public async Task CanceledCaller_EndsTheRun()
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
    public async Task EachCheck_IsReportedWhenItBeginsAndEnds()
    {
        List<string> steps = [];
        await foreach (CheckStep step in Examine([Passing("a"), Passing("b")], CancellationToken.None))
            steps.Add($"{step.Number}/{step.Count} {(step.Report is null ? "begins" : step.Report.Result.Message)}");
        Assert.AreEqual("1/2 begins, 1/2 a, 2/2 begins, 2/2 b", string.Join(", ", steps));
    }

    /// <summary>Each fact is read by the first check that needs it, whichever that is.</summary>
    [TestMethod]
    [DataRow("a model that does not load")]
    [DataRow("no Ollama")]
    [DataRow("no gate")]
    [DataRow("Ollama in place of the gate")]
    [DataRow("an old Ollama")]
    public async Task OrderOfTheChecks_ChangesNoResult(string state)
    {
        string forwards = await ResultsAsync(state, checks => checks);
        Assert.AreEqual(forwards, await ResultsAsync(state, checks => checks.Reverse()));
        Assert.AreEqual(forwards, await ResultsAsync(state, checks => checks.OrderBy(check => check.Id[^1])));
        Assert.Contains(" Fail ", forwards);
        Assert.Contains(" Pass ", forwards);
    }

    private static async Task<string> ResultsAsync(
        string state,
        Func<IEnumerable<DoctorCheck>, IEnumerable<DoctorCheck>> order
    )
    {
        using Home home = new(isMac: false);
        home.Write(".config/systemd/user/fastgate.service", "");
        ConfigResult config = Configs.Read("{ \"accessLog\": \"off\" }", machine: Configs.Machine);
        DoctorContext context = new(
            home.HostEnvironment with
            {
                Machine = Configs.Machine,
                Probe = new FakeProbe((to, request) => Respond(state, to, request)),
                Runner = new FakeTailscale(_ => new CommandResult(0, LinuxTools.Status(), "")),
            },
            config,
            config.Plan!,
            new DoctorOptions(),
            Ollama
        );
        List<string> results = [];
        await foreach (
            CheckStep step in new CheckRunner(context).RunAsync(
                [.. order(CheckList.Of(context))],
                CancellationToken.None
            )
        )
        {
            if (step.Report is { } report)
                results.Add($"{report.Check.Id} {report.Result.Outcome} {report.Result.Message} {report.Result.Cure}");
        }
        return string.Join('\n', results.Order(StringComparer.Ordinal));
    }

    private static ProbeResponse? Respond(string state, IPEndPoint to, string request)
    {
        bool isGate = to.Address.ToString() == "100.87.6.5";
        if ((!isGate && !to.Equals(Ollama)) || (isGate ? state == "no gate" : state == "no Ollama"))
            return null;
        if (isGate && state == "no Ollama" && IsAllowed(request))
            return new ProbeResponse(503, "{\"error\":\"FastGate: Ollama does not respond\"}");
        if (isGate && state != "Ollama in place of the gate" && !IsAllowed(request))
            return FakeProbe.Refusal;
        return request switch
        {
            "GET /api/version" => FakeProbe.Ollama,
            "GET /api/tags" => new ProbeResponse(200, "{\"models\":[{\"name\":\"tiny\",\"size\":1}]}"),
            _ when state == "an old Ollama" => new ProbeResponse(404, "404 page not found"),
            _ => new ProbeResponse(404, "{\"error\":{\"message\":\"model not found\"}}"),
        };
    }

    private static bool IsAllowed(string request) =>
        request is "GET /api/version" or "GET /api/tags" or "POST /api/show"
        || (request.Contains(" /v1/", StringComparison.Ordinal) && !request.Contains("..", StringComparison.Ordinal));

    private static async Task<CheckResult> EndlessAsync(CheckProbe probe)
    {
        await Task.Delay(Timeout.Infinite, probe.CancellationToken);
        return CheckResult.Pass("never");
    }

    private static DoctorCheck Passing(string message) => Of(_ => Task.FromResult(CheckResult.Pass(message)));

    private static DoctorCheck Of(Func<CheckProbe, Task<CheckResult>> runAsync) =>
        new("id", CheckGroup.Service, "title", runAsync);

    private static Task<string> RunAsync(params DoctorCheck[] checks) => RunAsync(checks, CancellationToken.None);

    private static async Task<string> RunAsync(DoctorCheck[] checks, CancellationToken cancellationToken)
    {
        List<string> results = [];
        await foreach (CheckStep step in Examine(checks, cancellationToken))
        {
            if (step.Report is not { Result: var result })
                continue;
            results.Add($"{result.Outcome} {result.Message}");
            Assert.AreEqual(
                result.Outcome == CheckOutcome.Fail,
                result.Cure is not null,
                "a failure has a cure, and nothing else has"
            );
        }
        return string.Join('\n', results);
    }

    private static async IAsyncEnumerable<CheckStep> Examine(
        DoctorCheck[] checks,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using Home home = new(isMac: false);
        ConfigResult config = Configs.Read("{}");
        DoctorContext context = new(
            home.HostEnvironment,
            config,
            config.Plan!,
            new DoctorOptions { SkipModelTests = true, SkipAnthropicTests = true },
            endPoint: null
        );
        await foreach (CheckStep step in new CheckRunner(context).RunAsync(checks, cancellationToken))
            yield return step;
    }
}
