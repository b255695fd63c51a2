using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace FastGate.Commands.Run;

/// <summary>Turns the signals of the system into events. The second SIGINT is left to the system, which ends the program.</summary>
internal sealed class Signals : IDisposable
{
    private readonly ChannelWriter<GateEvent> events;
    private readonly bool hadTerminal = !Console.IsInputRedirected;
    private readonly PosixSignalRegistration[] registrations;
    private bool interrupted;

    public Signals(ChannelWriter<GateEvent> events)
    {
        this.events = events;
        registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Tell(signal, GateEvent.Stop)),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal => Tell(signal, IsTerminalGone ? GateEvent.Stop : GateEvent.Reload)),
        ];
    }

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in registrations) registration.Dispose();
    }

    private void Interrupt(PosixSignalContext signal)
    {
        if (interrupted) return;
        interrupted = true;
        Tell(signal, GateEvent.Stop);
    }

    private void Tell(PosixSignalContext signal, GateEvent told)
    {
        signal.Cancel = true;
        events.TryWrite(told);
    }

    /// <summary>SIGHUP also says that the window was closed: a gate that stayed would hold its port, seen by nobody.</summary>
    private bool IsTerminalGone
    {
        get
        {
            if (!hadTerminal) return false;
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
