using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace FastGate.Commands.Run;

/// <summary>Turns the signals of the system into events. The second SIGINT is left to the system, which ends the
/// program.</summary>
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
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Log(signal, GateEvent.Stop)),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt),
            PosixSignalRegistration.Create(
                PosixSignal.SIGHUP,
                signal => Log(signal, IsTerminalGone ? GateEvent.Stop : GateEvent.Reload)
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
        Log(signal, GateEvent.Stop);
    }

    private void Log(PosixSignalContext signal, GateEvent told)
    {
        signal.Cancel = true;
        _events.TryWrite(told);
    }

    /// <summary>SIGHUP also says that the window was closed: a gate that stayed would hold its port, seen by
    /// nobody.</summary>
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
            catch (Exception absence) when (absence is IOException or UnauthorizedAccessException)
            {
                // ENXIO: the process has no terminal any more.
                return true;
            }
        }
    }
}

/// <summary>What can happen to a running gate from outside.</summary>
internal enum GateEvent
{
    /// <summary>SIGTERM or SIGINT: finish what is in flight, and end.</summary>
    Stop,

    /// <summary>SIGHUP, or the config file has changed.</summary>
    Reload,

    /// <summary>A loop has ended by itself.</summary>
    Failed,
}
