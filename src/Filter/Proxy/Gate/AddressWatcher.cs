using FastGate.Proxy.Listening;
using Microsoft.Extensions.Logging;

namespace FastGate.Proxy.Gate;

/// <summary>Polls the listeners of a running gate whenever an address may have changed. Runs off the loop.</summary>
internal sealed partial class AddressWatcher(
    Listeners listeners,
    TailscaleDaemon tailscale,
    TimeProvider time,
    ILogger log
)
{
    /// <summary>At most one unexpected exception is logged in this time: each has a stack trace, and a poll of the
    /// interfaces that fails once usually fails again every two seconds.</summary>
    internal static readonly TimeSpan FaultPeriod = TimeSpan.FromMinutes(1);

    private string? _advised;
    private long? _faultLoggedAt;
    private long _faultsNotLogged;

    /// <summary>Runs until canceled; returns at once if nothing can change.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!listeners.CanFindMore)
            return;
        using InterfaceWatcher watch = new(time, subscribe: true);
        try
        {
            while (true)
            {
                await GuardAsync(AdviseAsync(watch, cancellationToken));
                await watch.NextAsync(cancellationToken);
                await GuardAsync(listeners.PollAsync(cancellationToken));
            }
        }
        catch (OperationCanceledException)
        {
            // The gate is stopping.
        }
    }

    private async Task GuardAsync(Task step)
    {
        try
        {
            await step;
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or OutOfMemoryException))
        {
            // A failed step must not stop the watcher, or the gate would miss address changes until a restart.
            LogUnexpected(exception);
        }
    }

    private void LogUnexpected(Exception exception)
    {
        if (_faultLoggedAt is { } last && time.GetElapsedTime(last) < FaultPeriod)
        {
            _faultsNotLogged++;
            return;
        }
        _faultLoggedAt = time.GetTimestamp();
        if (_faultsNotLogged > 0)
            Log.NotLogged(log, _faultsNotLogged);
        _faultsNotLogged = 0;
        Log.Unexpected(log, exception);
    }

    /// <summary>
    /// Logs how to get the missing Tailscale address, if that is known and has changed. Polls again at once if the
    /// daemon reports that the address exists, on an interface that was not recognized as Tailscale's.
    /// </summary>
    private async Task AdviseAsync(InterfaceWatcher watch, CancellationToken cancellationToken)
    {
        string? advice = null;
        if (listeners.Waiting.FirstOrDefault(listen => listen.Kind == ListenKind.Tailscale) is { } listen)
        {
            TailscaleStatus? status = await tailscale.StatusAsync(cancellationToken);
            TailscaleState state = status?.Kind ?? TailscaleState.Unknown;
            if (listeners.SetTailscaleAddresses(state == TailscaleState.Running ? status!.Addresses : []))
                watch.Poll();
            advice = TailscaleAdvice.For(state, listen.Port, tailscale.Tool);
        }
        if (advice is not null && advice != _advised)
            Log.Advice(log, advice);
        _advised = advice;
    }

    private static partial class Log
    {
        [LoggerMessage(327, LogLevel.Warning, "{Advice}")]
        public static partial void Advice(ILogger logger, string advice);

        [LoggerMessage(
            328,
            LogLevel.Error,
            "Checking the network interfaces failed unexpectedly; bound addresses stay bound."
        )]
        public static partial void Unexpected(ILogger logger, Exception exception);

        [LoggerMessage(
            333,
            LogLevel.Error,
            "{Count} more unexpected errors while reading the network interfaces; their details were not logged."
        )]
        public static partial void NotLogged(ILogger logger, long count);
    }
}
