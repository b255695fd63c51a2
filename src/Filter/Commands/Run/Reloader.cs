using FastGate.Commands.Shared;
using FastGate.Config;
using FastGate.Proxy.Gate;
using Microsoft.Extensions.Logging;

namespace FastGate.Commands.Run;

/// <summary>Reads the config anew for a running gate, and swaps in the rules that it says.</summary>
internal sealed partial class Reloader(GateServer gate, ConfigResult first, Func<ConfigResult> read, ILogger log)
{
    private readonly GatePlan _running = first.Plan!;
    private IReadOnlyList<GatePolicy> _present = [.. first.Plan!.Listeners.Select(listener => listener.Options.Policy)];
    private bool _isThere = first.FileExists;

    private int _asked;

    /// <summary>
    /// Has it done by the thread pool: a file system that hangs must not keep the gate from hearing a signal. While it
    /// is being done, asking again has it done once more afterwards. Any thread.
    /// </summary>
    public void Request()
    {
        if (Interlocked.Increment(ref _asked) == 1)
            _ = Task.Run(ReloadAll);
        else
            Log.StillReading(log, first.Path.Path);
    }

    private void ReloadAll()
    {
        int done;
        do
        {
            done = Volatile.Read(ref _asked);
            try
            {
                Reload();
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                // The gate goes on by its present rules, and must be able to reload once more.
                Log.Failed(log, first.Path.Path, fault.Message);
            }
        } while (Interlocked.CompareExchange(ref _asked, 0, done) != done);
    }

    /// <summary>All or nothing: a config with a problem changes nothing.</summary>
    private void Reload()
    {
        ConfigResult config = read();
        if (config.Plan is not { } next)
        {
            gate.CountRefusedReload();
            Log.Kept(log, config.Path.Path, config.Problems.Count);
            foreach (string problem in ProblemList.Texts(config.Problems))
                Log.Problem(log, problem);
            return;
        }
        if (_isThere && !config.FileExists)
        {
            // Half of a replacement looks like this, and the defaults may allow more than the file did.
            gate.CountRefusedReload();
            Log.Gone(log, config.Path.Path);
            return;
        }
        _isThere = config.FileExists;
        Reload change = Config.Reload.Of(_running, _present, next);
        _present = change.Policies;
        gate.Apply(_present);
        Log.Reloaded(log, config.Path.Path, _present.Sum(policy => policy.Rules.Count));
        foreach (string warning in ProblemList.Texts(config.Warnings))
            Log.Warning(log, warning);
        if (change.NeedRestart.Count > 0)
            Log.NeedsRestart(log, string.Join(", ", change.NeedRestart));
    }

    private static partial class Log
    {
        [LoggerMessage(520, LogLevel.Information, "Reloaded {Path}: {Rules} rules are in force; streams go on.")]
        public static partial void Reloaded(ILogger logger, string path, int rules);

        [LoggerMessage(
            521,
            LogLevel.Error,
            "{Path} was not taken up, and the rules stay as they were; problems: {Count}."
        )]
        public static partial void Kept(ILogger logger, string path, int count);

        [LoggerMessage(522, LogLevel.Error, "{Problem}")]
        public static partial void Problem(ILogger logger, string problem);

        [LoggerMessage(
            523,
            LogLevel.Warning,
            "{Path} is gone; the rules stay as they were until it is back or the gate is restarted."
        )]
        public static partial void Gone(ILogger logger, string path);

        [LoggerMessage(524, LogLevel.Warning, "{Warning}")]
        public static partial void Warning(ILogger logger, string warning);

        [LoggerMessage(
            526,
            LogLevel.Warning,
            "{Path} is still being read; it is read again afterwards. Until then the rules stay as they were."
        )]
        public static partial void StillReading(ILogger logger, string path);

        [LoggerMessage(527, LogLevel.Error, "Reload of {Path} failed: {Reason}. The rules stay as they were.")]
        public static partial void Failed(ILogger logger, string path, string reason);

        [LoggerMessage(525, LogLevel.Warning, "Changed in the config, but only a restart takes it up: {Members}.")]
        public static partial void NeedsRestart(ILogger logger, string members);
    }
}
