namespace FastGate.Test.Abuse;

/// <summary>
/// Disturbs a gate under load: loads valid and invalid configs, by signal and by file change alone, and restarts the
/// upstream.
/// </summary>
internal sealed class FaultInjector(GateRun gate, TaggingUpstream upstream, int seed)
{
    private const int RulesMore = 100;

    private readonly Random _reloading = new(seed);
    private readonly Random _restarting = new(seed + 1);
    private int _reloads;
    private int _broken;
    private int _restarts;

    /// <summary>Runs until canceled; afterwards the upstream is up.</summary>
    public Task[] Run(CancellationToken cancellationToken) =>
        [
            Task.Run(() => ReloadAsync(cancellationToken), CancellationToken.None),
            Task.Run(() => RestartAsync(cancellationToken), CancellationToken.None),
        ];

    public override string ToString() => $"{_reloads} configs ({_broken} broken), {_restarts} restarts of the upstream";

    private async Task ReloadAsync(CancellationToken cancellationToken)
    {
        for (
            string set = "a";
            await PauseAsync(_reloading.Next(100, 800), cancellationToken);
            set = RuleSets.Other(set)
        )
        {
            // Each config has its own number of rules, which identifies it in the log.
            int count = RuleSets.RulesMin + (_reloads++ % RulesMore);
            int kind = _reloading.Next(4);
            if (kind == 0)
                _broken++;
            if (kind == 0)
                gate.Reload(RuleSets.Broken, "failed with 3 error(s); keeping the current rules.");
            else if (kind == 1)
                gate.Write(RuleSets.ConfigOf(set, count));
            else
                gate.Reload(RuleSets.ConfigOf(set, count), $"rules in force: {count}.");
        }
    }

    private async Task RestartAsync(CancellationToken cancellationToken)
    {
        while (await PauseAsync(_restarting.Next(2000, 8000), cancellationToken))
        {
            upstream.Stop(reset: _restarting.Next(2) == 0);
            await PauseAsync(_restarting.Next(20, 500), cancellationToken);
            upstream.Start();
            _restarts++;
        }
    }

    private static async Task<bool> PauseAsync(int milliseconds, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(milliseconds, cancellationToken);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
