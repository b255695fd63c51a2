using System.Runtime.InteropServices;

namespace FastGate.Bench.Children;

/// <summary>The processor time of another process, in nanoseconds on Linux: what <c>/proc</c> and .NET have comes in
/// ticks of 10 ms, which is much for a gate that is idle.</summary>
internal static class ProcessClock
{
    // The clock of a process, not of a thread, that counts what the scheduler charged (CPUCLOCK_SCHED).
    private const int Scheduled = 2;

    /// <returns>Null where the system has no such clock, or when the process has exited.</returns>
    public static double? TrySeconds(int process)
    {
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess)
            return null;
        TimeSpec time = default;
        return GetTime((~process << 3) | Scheduled, ref time) == 0 ? time.Seconds + time.Nanoseconds / 1e9 : null;
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    private static extern int GetTime(int clock, ref TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
