using System.Runtime.InteropServices;

namespace FastGate.Proxy.Transport;

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
