using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace FastGate.Proxy.Transport;

/// <summary>
/// The readiness backend for macOS: kqueue(2), level-triggered, woken by a user event. It is used only if it passes the
/// self-check at start (<see cref="ReadinessCheck"/>).
/// </summary>
internal sealed class Kqueue : IReadiness
{
    internal const short FilterRead = -1;
    internal const short FilterWrite = -2;
    internal const short FilterUser = -10;
    internal const ushort ActionAdd = 0x0001;
    internal const ushort ActionDelete = 0x0002;
    internal const ushort ActionClear = 0x0020;
    internal const uint NoteTrigger = 0x01000000;

    private const int Interrupted = 4;
    private const int EventsMax = 256;
    private const nint WakeIdentifier = 0;

    private readonly KernelEvent[] _events = new KernelEvent[EventsMax];

    // struct timespec: seconds, nanoseconds.
    private readonly long[] _limit = new long[2];
    private readonly SafeFileHandle _queue;

    /// <param name="calls">The socket calls to use; macOS's own if null.</param>
    /// <exception cref="IOException">The kernel refuses another queue.</exception>
    public Kqueue(ISocketCalls? calls = null)
    {
        Calls = calls ?? new MacCalls();
        int descriptor = CreateQueue();
        if (descriptor < 0)
            throw Failure("kqueue");
        _queue = new SafeFileHandle(descriptor, ownsHandle: true);
        Apply(WakeIdentifier, FilterUser, ActionAdd | ActionClear, 0);
    }

    public string Name => "kqueue";

    public ISocketCalls Calls { get; }

    public void Add(Descriptor socket, long key, Interest interest) => Change(socket, key, Interest.None, interest);

    public void Change(Descriptor socket, long key, Interest before, Interest after)
    {
        nint descriptor = socket.Number;
        SetFilter(descriptor, FilterRead, before & Interest.Read, after & Interest.Read, key);
        SetFilter(descriptor, FilterWrite, before & Interest.Write, after & Interest.Write, key);
    }

    public void Remove(Descriptor socket, Interest interest) => Change(socket, 0, interest, Interest.None);

    // close(2) ends the watch by itself (kqueue(2)).
    public void RemoveClosing(Descriptor socket, Interest interest) { }

    public int Wait(Span<Readiness> ready, int timeoutMilliseconds)
    {
        _limit[0] = timeoutMilliseconds / 1000;
        _limit[1] = timeoutMilliseconds % 1000 * 1_000_000L;
        int room = Math.Min(ready.Length, EventsMax);
        int count =
            timeoutMilliseconds < 0
                ? WaitUnlimited(_queue, 0, 0, ref _events[0], room, 0)
                : WaitFor(_queue, 0, 0, ref _events[0], room, ref _limit[0]);
        if (count < 0)
            return Marshal.GetLastPInvokeError() == Interrupted ? 0 : throw Failure("kevent");
        int filled = 0;
        for (int i = 0; i < count; i++)
        {
            if (_events[i].Filter != FilterUser)
                ready[filled++] = ReadinessOf(in _events[i]);
        }
        return filled;
    }

    public void Wake()
    {
        KernelEvent trigger = new()
        {
            Identifier = WakeIdentifier,
            Filter = FilterUser,
            FilterFlags = NoteTrigger,
        };
        try
        {
            _ = Submit(_queue, ref trigger, 1, 0, 0, 0);
        }
        catch (ObjectDisposedException)
        {
            // The loop has ended. (A bare descriptor could belong to another socket by now.)
        }
    }

    public void Dispose() => _queue.Dispose();

    /// <summary>The readiness that one event reports; the socket's own calls find the rest.</summary>
    internal static Readiness ReadinessOf(in KernelEvent kernelEvent)
    {
        // Never a hang-up: kqueue reports only requested filters, and EV_EOF on the write filter also follows this
        // side's half-close, while the peer still sends (xnu: filt_sowrite_common, SS_CANTSENDMORE).
        return new Readiness(
            kernelEvent.UserData,
            kernelEvent.Filter == FilterWrite ? Interest.Write : Interest.Read,
            HungUp: false
        );
    }

    private void SetFilter(nint descriptor, short filter, Interest before, Interest after, long key)
    {
        if (before == after)
            return;
        Apply(descriptor, filter, after == Interest.None ? ActionDelete : ActionAdd, (nint)key);
    }

    private void Apply(nint identifier, short filter, int action, nint key)
    {
        KernelEvent change = new()
        {
            Identifier = identifier,
            Filter = filter,
            Flags = (ushort)action,
            UserData = key,
        };
        if (Submit(_queue, ref change, 1, 0, 0, 0) >= 0)
            return;
        // A filter that the kernel no longer has needs no deletion.
        if (action != ActionDelete)
            throw Failure("kevent");
    }

    private static IOException Failure(string call)
    {
        int error = Marshal.GetLastPInvokeError();
        return new IOException($"{call}: {new Win32Exception(error).Message} (errno {error})");
    }

    [DllImport("libSystem", EntryPoint = "kqueue", SetLastError = true)]
    private static extern int CreateQueue();

    [DllImport("libSystem", EntryPoint = "kevent", SetLastError = true)]
    private static extern int Submit(
        SafeFileHandle queue,
        ref KernelEvent changes,
        int count,
        nint events,
        int room,
        nint limit
    );

    [DllImport("libSystem", EntryPoint = "kevent", SetLastError = true)]
    private static extern int WaitUnlimited(
        SafeFileHandle queue,
        nint changes,
        int count,
        ref KernelEvent events,
        int room,
        nint limit
    );

    [DllImport("libSystem", EntryPoint = "kevent", SetLastError = true)]
    private static extern int WaitFor(
        SafeFileHandle queue,
        nint changes,
        int count,
        ref KernelEvent events,
        int room,
        ref long limit
    );
}

/// <summary>
/// <c>struct kevent</c> of macOS on 64 bits, 32 bytes: ident, filter, flags, fflags, data, udata (kqueue(2),
/// sys/event.h).
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct KernelEvent
{
    public nint Identifier;
    public short Filter;
    public ushort Flags;
    public uint FilterFlags;
    public nint Data;
    public nint UserData;
}
