using System.Diagnostics;

namespace FastGate.Bench.Children;

/// <summary>
/// Pins the calling thread, and every process that it starts, to one core. Use it on the main thread, whose thread id
/// is the process id on Linux.
/// </summary>
internal sealed class Pin : IDisposable
{
    private readonly nint _before;

    private Pin(nint before) => _before = before;

    /// <returns>Null where the system cannot pin, such as macOS.</returns>
    /// <param name="isFirst">To the first core; otherwise to the last, because the first handles most
    /// interrupts.</param>
    public static Pin? TryOneCore(bool isFirst = false)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        using Process self = Process.GetCurrentProcess();
        nint before = self.ProcessorAffinity;
        self.ProcessorAffinity = isFirst ? 1 : (nint)1 << (Environment.ProcessorCount - 1);
        Pin pin = new(before);
        if (CoresOfThisThread() == 1)
            return pin;
        pin.Dispose();
        return null;
    }

    public void Dispose()
    {
        if (!OperatingSystem.IsLinux())
            return;
        using Process self = Process.GetCurrentProcess();
        self.ProcessorAffinity = _before;
    }

    // "Cpus_allowed_list:\t1", or "0-1", or "0,2".
    private static int CoresOfThisThread() =>
        File.ReadLines("/proc/thread-self/status")
            .First(line => line.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal))
            .AsSpan()
            .IndexOfAny('-', ',') < 0
            ? 1
            : 2;
}
