using FastGate.Config;
using FastGate.Gate;
using Microsoft.Extensions.Logging;

namespace FastGate.Cli;

/// <summary>Reads the config anew for a running gate, and swaps in the rules that it says. One call at a time.</summary>
internal sealed partial class Reloader(GateServer gate, ConfigResult first, Func<ConfigResult> read, ILogger log)
{
    private readonly GatePlan running = first.Plan!;
    private IReadOnlyList<GatePolicy> present = [.. first.Plan!.Listeners.Select(listener => listener.Options.Policy)];
    private bool isThere = first.IsThere;

    /// <summary>All or nothing: a config with a problem changes nothing.</summary>
    public void Reload()
    {
        ConfigResult config = read();
        if (config.Plan is not { } next)
        {
            gate.CountRefusedReload();
            Log.Kept(log, config.Path.Path, config.Problems.Count);
            foreach (Problem problem in config.Problems) Log.Problem(log, problem);
            return;
        }
        if (isThere && !config.IsThere)
        {
            // Half of a replacement looks like this, and the defaults may allow more than the file did.
            gate.CountRefusedReload();
            Log.Gone(log, config.Path.Path);
            return;
        }
        isThere = config.IsThere;
        Reload change = Config.Reload.Of(running, present, next);
        present = change.Policies;
        gate.Apply(present);
        Log.Reloaded(log, config.Path.Path, present.Sum(policy => policy.Rules.Rules.Count));
        foreach (Problem warning in config.Warnings) Log.Warning(log, warning);
        if (change.NeedRestart.Count > 0) Log.NeedsRestart(log, string.Join(", ", change.NeedRestart));
    }

    private static partial class Log
    {
        [LoggerMessage(520, LogLevel.Information, "Reloaded {Path}: {Rules} rules are in force; streams go on.")]
        public static partial void Reloaded(ILogger logger, string path, int rules);

        [LoggerMessage(521, LogLevel.Error, "{Path} was not taken up, and the rules stay as they were; problems: {Count}.")]
        public static partial void Kept(ILogger logger, string path, int count);

        [LoggerMessage(522, LogLevel.Error, "{Problem}")]
        public static partial void Problem(ILogger logger, Problem problem);

        [LoggerMessage(523, LogLevel.Warning, "{Path} is gone; the rules stay as they were until it is back or the gate is restarted.")]
        public static partial void Gone(ILogger logger, string path);

        [LoggerMessage(524, LogLevel.Warning, "{Warning}")]
        public static partial void Warning(ILogger logger, Problem warning);

        [LoggerMessage(525, LogLevel.Warning, "Changed in the config, but only a restart takes it up: {Members}.")]
        public static partial void NeedsRestart(ILogger logger, string members);
    }
}
