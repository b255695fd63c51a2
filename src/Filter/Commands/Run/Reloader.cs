using FastGate.Commands.Shared;
using FastGate.Config;
using FastGate.Proxy.Gate;
using Microsoft.Extensions.Logging;

namespace FastGate.Commands.Run;

/// <summary>Reloads the config of a running gate and swaps in its rules. Unlike the verbs, which print the problems of
/// an invalid config and exit, it logs them and keeps the current rules.</summary>
internal sealed partial class Reloader(GateServer gate, ConfigResult first, Func<ConfigResult> load, ILogger log)
{
    private readonly GatePlan _running = first.Plan!;
    private IReadOnlyList<GatePolicy> _current = [.. first.Plan!.Listeners.Select(listener => listener.Options.Policy)];
    private bool _fileExisted = first.FileExists;

    private int _requests;

    /// <summary>
    /// Reloads on the thread pool, since a file system that hangs must not keep the gate from handling a signal. A
    /// request during a reload starts one more reload after it. Any thread.
    /// </summary>
    public void Request()
    {
        if (Interlocked.Increment(ref _requests) == 1)
            _ = Task.Run(ReloadAll);
        else
            Log.StillReading(log, first.Path.Path);
    }

    private void ReloadAll()
    {
        int handled;
        do
        {
            handled = Volatile.Read(ref _requests);
            try
            {
                Reload();
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                // The gate keeps its current rules, and later reloads must still work.
                Log.Failed(log, first.Path.Path, exception.Message);
            }
        } while (Interlocked.CompareExchange(ref _requests, 0, handled) != handled);
    }

    /// <summary>Applies all of the config or, if it has a problem, nothing.</summary>
    private void Reload()
    {
        ConfigResult config = load();
        if (config.Plan is not { } next)
        {
            gate.CountRefusedReload();
            Log.Invalid(log, config.Path.Path, config.Problems.Count);
            foreach (string problem in ProblemList.Lines(config.Problems))
                Log.Problem(log, problem);
            return;
        }
        if (_fileExisted && !config.FileExists)
        {
            // The file may be halfway through a replacement, and the defaults may allow more than it did.
            gate.CountRefusedReload();
            Log.Missing(log, config.Path.Path);
            return;
        }
        _fileExisted = config.FileExists;
        Reload change = Config.Reload.Of(_running, _current, next);
        _current = change.Policies;
        gate.Apply(_current);
        Log.Reloaded(log, config.Path.Path, _current.Sum(policy => policy.Rules.Count));
        foreach (string warning in ProblemList.Lines(config.Warnings))
            Log.Warning(log, warning);
        if (change.NeedRestart.Count > 0)
            Log.NeedsRestart(log, string.Join(", ", change.NeedRestart));
    }

    private static partial class Log
    {
        [LoggerMessage(520, LogLevel.Information, "Reloaded {Path}; rules in force: {Rules}. Open streams continue.")]
        public static partial void Reloaded(ILogger logger, string path, int rules);

        [LoggerMessage(
            521,
            LogLevel.Error,
            "Reload of {Path} failed with {Count} error(s); keeping the current rules."
        )]
        public static partial void Invalid(ILogger logger, string path, int count);

        [LoggerMessage(522, LogLevel.Error, "{Problem}")]
        public static partial void Problem(ILogger logger, string problem);

        [LoggerMessage(
            523,
            LogLevel.Warning,
            "Reload failed: {Path} no longer exists; keeping the current rules until it is back or the gate restarts."
        )]
        public static partial void Missing(ILogger logger, string path);

        [LoggerMessage(524, LogLevel.Warning, "{Warning}")]
        public static partial void Warning(ILogger logger, string warning);

        [LoggerMessage(
            526,
            LogLevel.Warning,
            "Reload of {Path} is still in progress and will be repeated; keeping the current rules until then."
        )]
        public static partial void StillReading(ILogger logger, string path);

        [LoggerMessage(527, LogLevel.Error, "Reload of {Path} failed: {Reason} Keeping the current rules.")]
        public static partial void Failed(ILogger logger, string path, string reason);

        [LoggerMessage(525, LogLevel.Warning, "Restart the gate to apply these changes of the config: {Members}.")]
        public static partial void NeedsRestart(ILogger logger, string members);
    }
}
