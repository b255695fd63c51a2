using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace FastGate.Proxy.Transport;

/// <summary>The readiness backend for Linux: epoll(7), level-triggered, woken through an eventfd(2).</summary>
/// <remarks>
/// <c>struct epoll_event</c> is packed on x86-64 (12 bytes) and naturally aligned elsewhere (16). Events are therefore
/// stored as 32-bit words and read with a stride, which needs no unsafe code and no second struct.
/// </remarks>
internal sealed class Epoll : IReadiness
{
    internal const int EpollIn = 0x001;
    internal const int EpollOut = 0x004;
    internal const int EpollErr = 0x008;
    internal const int EpollHup = 0x010;

    private const int ControlAdd = 1;
    private const int ControlDelete = 2;
    private const int ControlModify = 3;
    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;
    private const int Interrupted = 4;
    private const long WakeKey = -1;
    private const int EventsMax = 256;

    /// <summary>Words of one <c>epoll_event</c>; its 64 bits of data are the last two.</summary>
    internal static readonly int Stride = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 3 : 4;
    private static readonly int DataWord = Stride - 2;

    private readonly int[] _events = new int[EventsMax * Stride];
    private readonly int[] _change = new int[Stride];
    private readonly SafeFileHandle _epoll;
    private readonly SafeFileHandle _wake;

    /// <exception cref="IOException">The kernel refuses another epoll or eventfd descriptor.</exception>
    public Epoll()
    {
        _epoll = new SafeFileHandle(Checked(EpollCreate(CloseOnExec), "epoll_create1"), ownsHandle: true);
        _wake = new SafeFileHandle(Checked(EventFd(0, CloseOnExec | NonBlocking), "eventfd"), ownsHandle: true);
        Checked(Control(ControlAdd, (int)_wake.DangerousGetHandle(), WakeKey, Interest.Read), "epoll_ctl");
    }

    public string Name => "epoll";

    public ISocketCalls Calls { get; } = new LinuxCalls();

    public void Add(Descriptor socket, long key, Interest interest) =>
        Checked(Control(ControlAdd, socket.Number, key, interest), "epoll_ctl");

    public void Change(Descriptor socket, long key, Interest before, Interest after) =>
        Checked(Control(ControlModify, socket.Number, key, after), "epoll_ctl");

    // A socket that the kernel no longer watches needs no removal.
    public void Remove(Descriptor socket, Interest interest) =>
        _ = Control(ControlDelete, socket.Number, 0, Interest.None);

    // close(2) ends the watch by itself (epoll(7)). A child process that is just being started may keep a copy of the
    // socket for a moment; an event then finds no registration.
    public void RemoveClosing(Descriptor socket, Interest interest) { }

    public int Wait(Span<Readiness> ready, int timeoutMilliseconds)
    {
        int count = EpollWait(_epoll, ref _events[0], Math.Min(ready.Length, EventsMax), timeoutMilliseconds);
        if (count < 0)
        {
            if (Marshal.GetLastPInvokeError() == Interrupted)
                return 0;
            Checked(count, "epoll_wait");
        }
        int filled = 0;
        for (int i = 0; i < count; i++)
        {
            int at = i * Stride;
            long key = (uint)_events[at + DataWord] | ((long)_events[at + DataWord + 1] << 32);
            if (key == WakeKey)
                Acknowledge();
            else
                ready[filled++] = ReadinessOf(key, _events[at]);
        }
        return filled;
    }

    public void Wake()
    {
        ulong one = 1;
        try
        {
            // A full counter (EAGAIN) means that a wake-up is already pending.
            _ = Write(_wake, ref one, sizeof(ulong));
        }
        catch (ObjectDisposedException)
        {
            // The loop has ended. (A bare descriptor could belong to another socket by now.)
        }
    }

    public void Dispose()
    {
        _wake.Dispose();
        _epoll.Dispose();
    }

    private static Readiness ReadinessOf(long key, int events)
    {
        // An error makes both a read and a write return at once, so both are reported and each finds the error.
        bool failed = (events & (EpollErr | EpollHup)) != 0;
        Interest ready = Interest.None;
        if ((events & EpollIn) != 0 || failed)
            ready |= Interest.Read;
        if ((events & EpollOut) != 0 || failed)
            ready |= Interest.Write;
        return new Readiness(key, ready, failed);
    }

    private void Acknowledge()
    {
        ulong count = 0;
        _ = Read(_wake, ref count, sizeof(ulong));
    }

    private int Control(int operation, int descriptor, long key, Interest interest)
    {
        _change[0] =
            ((interest & Interest.Read) != 0 ? EpollIn : 0) | ((interest & Interest.Write) != 0 ? EpollOut : 0);
        _change[DataWord] = (int)key;
        _change[DataWord + 1] = (int)(key >> 32);
        return EpollControl(_epoll, operation, descriptor, ref _change[0]);
    }

    private static int Checked(int result, string call)
    {
        if (result >= 0)
            return result;
        int error = Marshal.GetLastPInvokeError();
        throw new IOException($"{call}: {new Win32Exception(error).Message} (errno {error})");
    }

    [DllImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static extern int EpollCreate(int flags);

    [DllImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static extern int EpollControl(SafeFileHandle epoll, int operation, int descriptor, ref int change);

    [DllImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static extern int EpollWait(SafeFileHandle epoll, ref int events, int eventsMax, int timeoutMilliseconds);

    [DllImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static extern int EventFd(uint initial, int flags);

    [DllImport("libc", EntryPoint = "read", SetLastError = true)]
    private static extern nint Read(SafeFileHandle descriptor, ref ulong value, nuint bytes);

    [DllImport("libc", EntryPoint = "write", SetLastError = true)]
    private static extern nint Write(SafeFileHandle descriptor, ref ulong value, nuint bytes);
}
