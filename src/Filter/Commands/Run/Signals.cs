using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace FastGate.Commands.Run;

/// <summary>Turns signals into events of a running gate. The second SIGINT is left to the system, which ends the
/// program. The other verbs use <see cref="Shared.StopSignals"/>; only <c>run</c> reloads at SIGHUP.</summary>
internal sealed class Signals : IDisposable
{
    private readonly ChannelWriter<GateEvent> _events;
    private readonly bool _hadTerminal = !Console.IsInputRedirected;
    private readonly PosixSignalRegistration[] _registrations;
    private bool _interrupted;

    public Signals(ChannelWriter<GateEvent> events)
    {
        _events = events;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Send(signal, GateEvent.Stop)),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt),
            PosixSignalRegistration.Create(
                PosixSignal.SIGHUP,
                signal => Send(signal, IsTerminalGone ? GateEvent.Stop : GateEvent.Reload)
            ),
        ];
    }

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
    }

    private void Interrupt(PosixSignalContext signal)
    {
        if (_interrupted)
            return;
        _interrupted = true;
        Send(signal, GateEvent.Stop);
    }

    private void Send(PosixSignalContext signal, GateEvent gateEvent)
    {
        signal.Cancel = true;
        _events.TryWrite(gateEvent);
    }

    /// <summary>SIGHUP also means that the terminal window was closed: a gate that kept running would hold its port
    /// without anyone noticing.</summary>
    private bool IsTerminalGone
    {
        get
        {
            if (!_hadTerminal)
                return false;
            try
            {
                using FileStream terminal = File.OpenRead("/dev/tty");
                return false;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // ENXIO: the process no longer has a terminal.
                return true;
            }
        }
    }
}

/// <summary>An event that a running gate reacts to.</summary>
internal enum GateEvent
{
    /// <summary>SIGTERM or SIGINT: finish responses in flight, then stop.</summary>
    Stop,

    /// <summary>SIGHUP, or the config file changed.</summary>
    Reload,

    /// <summary>A loop thread ended unexpectedly.</summary>
    Failed,
}
