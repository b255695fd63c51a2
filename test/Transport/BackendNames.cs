namespace FastGate.Test.Transport;

/// <summary>The backends that this machine has; the tests of the room run on each of them.</summary>
internal static class BackendNames
{
    public static IEnumerable<object[]> Here { get; } =
        OperatingSystem.IsLinux() ? [["epoll"], ["portable"]]
        : OperatingSystem.IsMacOS() ? [["kqueue"], ["portable"]]
        : [["portable"]];
}
