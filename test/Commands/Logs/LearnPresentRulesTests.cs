using FastGate.Test.Commands.Shared;
using FastGate.Test.Proxy.AccessLog;

namespace FastGate.Test.Commands.Logs;

/// <summary>
/// Regression: the cures of <c>logs --learn</c> proposed @seed to users who already had @seed, because they ignored the
/// present rules.
/// </summary>
[TestClass]
public sealed class LearnPresentRulesTests : IDisposable
{
    private readonly TempLog _log = new();

    public void Dispose() => _log.Dispose();

    [TestMethod]
    [DataRow("DELETE /v1/models/x", "only GET and HEAD are allowed on this path")]
    [DataRow(
        "GET /v1/messages",
        "only POST is allowed on this path; if the client sent POST, a redirect turned it into GET"
    )]
    public async Task WrongMethod_IsCuredAsTheGateWouldCureIt(string request, string cure)
    {
        string shown = await LearnAsync(request);
        Assert.Contains(cure, shown);
        Assert.DoesNotContain("add \"@seed\"", shown);
    }

    [TestMethod]
    public async Task RequestThatIsOpenByNow_NeedsNoCure() =>
        Assert.Contains("the current \"allow\" already allows it", await LearnAsync("GET /mine", "GET /mine"));

    private async Task<string> LearnAsync(string request, string? allow = null)
    {
        string[] parts = request.Split(' ');
        _log.Append(
            $$"""{"time":"2026-11-20T12:00:00.000Z","peer":"100.64.0.7","method":"{{parts[0]}}","path":"{{parts[1]}}","verdict":"refused-path","status":403}"""
                + "\n"
        );
        string file = _log.Path + ".json";
        await File.WriteAllTextAsync(file, allow is null ? "{}" : $$"""{"allow":["{{allow}}"]}""");
        return (await Cli.RunAsync(["logs", "--learn", "--config", file, "--access-log", _log.Path])).Out;
    }
}
