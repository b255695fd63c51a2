using FastGate.Proxy.Transport;
using FastGate.Test.Support;

namespace FastGate.Test.Proxy.Transport;

/// <summary>The backends of this machine; the tests of Transport run on each of them.</summary>
internal static class BackendNames
{
    /// <summary>On Linux, kqueue is the emulation in <c>test/kqueue</c>.</summary>
    public static IEnumerable<object[]> Here { get; } =
        OperatingSystem.IsLinux()
            ?
            [
                ["epoll"],
                ["kqueue"],
                ["portable"],
            ]
        : OperatingSystem.IsMacOS()
            ?
            [
                ["kqueue"],
                ["portable"],
            ]
        :
        [
            ["portable"],
        ];

    public static IReadiness Create(string name)
    {
        if (name == "kqueue")
            Emulation.Need();
        return Backends.Create(name, new RecordingLogger());
    }
}
