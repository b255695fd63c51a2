using FastGate.Test.Support;

namespace FastGate.Test.Abuse;

/// <summary>The rules are reloaded repeatedly under load.</summary>
[TestClass]
[TestCategory(Category.Process)]
[OSCondition(OperatingSystems.Linux, IgnoreMessage = Peers.OnlyOnLinux)]
public sealed class ReloadTests : IDisposable
{
    private const int Times = 100;
    private const int Clients = 6;

    private readonly TaggingUpstream _upstream = new();
    private readonly Tally _tally = new();

    public void Dispose() => _upstream.Dispose();

    [TestMethod]
    public async Task HundredHangups_FailNoRequest_AndMixNoRules()
    {
        using GateRun gate = GateRun.Start(_upstream.Endpoint, RuleSets.ConfigOf("a"));
        using CancellationTokenSource enough = new();
        RandomClient[] clients =
        [
            .. Enumerable.Range(0, Clients).Select(i => new RandomClient(gate.Endpoint, _upstream, _tally, i, seed: 1)),
        ];
        Task[] runs = [.. clients.Select(client => client.RunAsync(enough.Token))];
        using RawClient kept = await RawClient.ConnectAsync(gate.Endpoint);
        await ReloadAsync(gate, kept);
        await enough.CancelAsync();
        await Task.WhenAll(runs).WithinDeadline();
        foreach (RandomClient client in clients)
            client.Dispose();
        Assert.IsTrue(_tally.IsClean, _tally.FirstFault);
        Assert.AreEqual(0, _tally.Interrupted);
        Assert.IsGreaterThan(Times, _tally.Correct);
        Assert.AreEqual(0, _upstream.Faults);
        Assert.DoesNotContain("unexpected", gate.Process.Output);
    }

    // Once the gate has logged a reload, the new rules apply to the next request on the same connection; after a failed
    // reload, the previous rules still apply.
    private async Task ReloadAsync(GateRun gate, RawClient kept)
    {
        string set = "a";
        for (int i = 1; i <= Times; i++)
        {
            if (i % 10 == 0)
                Break(gate);
            else
                gate.Reload(
                    RuleSets.ConfigOf(set = RuleSets.Other(set), RuleSets.RulesMin + i),
                    $"rules in force: {RuleSets.RulesMin + i}."
                );
            await CheckAsync(kept, RuleSets.PathOf(set), RuleSets.HostOf(set), 200);
            await CheckAsync(kept, RuleSets.PathOf(set), RuleSets.HostOf(RuleSets.Other(set)), 403);
            await CheckAsync(kept, RuleSets.PathOf(RuleSets.Other(set)), "gate", 403);
        }
    }

    private static void Break(GateRun gate)
    {
        gate.Reload(RuleSets.Broken, "failed with 3 error(s); keeping the current rules.");
        gate.Process.WaitFor("allow[0]: \"GET api/tags\": the path must begin with a slash");
        gate.Process.WaitFor("lops: unknown member \"lops\"; did you mean \"loops\"?");
        gate.Process.WaitFor("hosts[0]: ");
    }

    private async Task CheckAsync(RawClient client, string path, string host, int status)
    {
        CheckedRequest request = new("GET", path, new ResponsePlan(_tally.NextId(), ResponseFraming.Length, 100, 100))
        {
            Host = host,
            Status = status,
        };
        await client.Connection.SendAsync(request.Wire());
        Assert.AreEqual(
            ExchangeOutcome.Correct,
            request.Classify(await client.ReadResponseAsync()),
            $"{path} for {host}"
        );
    }
}
