namespace FastGate.Test.Abuse;

/// <summary>
/// What happens to a gate beside its traffic: good and broken configs, by signal and by the file alone, and an upstream that
/// restarts.
/// </summary>
internal sealed class Disturbance(GateRun gate, NamingUpstream upstream, int seed)
{
    private const int RulesMore = 100;

    private readonly Random reloading = new(seed);
    private readonly Random restarting = new(seed + 1);
    private int reloads;
    private int broken;
    private int restarts;

    /// <summary>Goes on until it is told to stop; then the upstream is up.</summary>
    public Task[] Run(CancellationToken stopping) =>
        [Task.Run(() => ReloadAsync(stopping), CancellationToken.None), Task.Run(() => RestartAsync(stopping), CancellationToken.None)];

    public override string ToString() => $"{reloads} configs ({broken} broken), {restarts} restarts of the upstream";

    private async Task ReloadAsync(CancellationToken stopping)
    {
        for (string set = "a"; await PauseAsync(reloading.Next(100, 800), stopping); set = RuleSets.Other(set))
        {
            // Each has its own number of rules, so that the log says which one it is.
            int count = RuleSets.RulesMin + (reloads++ % RulesMore);
            int kind = reloading.Next(4);
            if (kind == 0) broken++;
            if (kind == 0) gate.Reload(RuleSets.Broken, "was not taken up, and the rules stay as they were; problems: 3.");
            else if (kind == 1) gate.Write(RuleSets.ConfigOf(set, count));
            else gate.Reload(RuleSets.ConfigOf(set, count), $": {count} rules are in force");
        }
    }

    private async Task RestartAsync(CancellationToken stopping)
    {
        while (await PauseAsync(restarting.Next(2000, 8000), stopping))
        {
            upstream.Stop(reset: restarting.Next(2) == 0);
            await PauseAsync(restarting.Next(20, 500), stopping);
            upstream.Start();
            restarts++;
        }
    }

    private static async Task<bool> PauseAsync(int milliseconds, CancellationToken stopping)
    {
        try
        {
            await Task.Delay(milliseconds, stopping);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
