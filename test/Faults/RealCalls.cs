using FastGate.Proxy.Transport;
using FastGate.Test.Support;

namespace FastGate.Test.Faults;

/// <summary>The system's own socket calls of a backend.</summary>
internal static class RealCalls
{
    public static ISocketCalls Of(Way way)
    {
        if (way == Way.Kqueue)
            Emulation.Need();
        return way switch
        {
            Way.Epoll => new LinuxCalls(),
            Way.Kqueue => new MacCalls(),
            _ => new AsyncSocketCalls(),
        };
    }
}
