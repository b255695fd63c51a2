using System.Runtime.InteropServices;

namespace FastGate.Commands.Shared;

/// <summary>
/// Cancels <see cref="Token"/> at the first Ctrl-C or SIGTERM, so that a verb can finish cleanly. The second one is
/// left to the system, which ends the program. <c>run</c> has its own handler, because it reloads at SIGHUP.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stopping;
    private readonly PosixSignalRegistration[] _registrations;

    /// <param name="hangUp">Handles SIGHUP too, for a verb with something to clean up. Otherwise the system's default
    /// applies, which is to end the program unless nohup started it.</param>
    /// <param name="cancellationToken">Cancels <see cref="Token"/> as well.</param>
    public StopSignals(bool hangUp = false, CancellationToken cancellationToken = default)
    {
        _stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        PosixSignal[] signals = hangUp
            ? [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP]
            : [PosixSignal.SIGINT, PosixSignal.SIGTERM];
        _registrations = [.. signals.Select(signal => PosixSignalRegistration.Create(signal, Stop))];
    }

    public CancellationToken Token => _stopping.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
        _stopping.Dispose();
    }

    private void Stop(PosixSignalContext signal)
    {
        if (_stopping.IsCancellationRequested)
            return;
        signal.Cancel = true;
        _stopping.Cancel();
    }
}
