using System.Runtime.InteropServices;

namespace FastGate.Proxy.Transport;

/// <summary>Reads whether the machine runs on its battery, again each minute while somebody wants to know. Any thread
/// may call it.</summary>
internal sealed class PowerSource : IThreadPoolWorkItem
{
    private const string LinuxFolder = "/sys/class/power_supply";

    // kIOPSTimeRemainingUnlimited: the power does not come from a battery.
    private const double Unlimited = -2.0;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _time;
    private readonly Func<bool> _read;
    private long _readAt;
    private volatile bool _isBattery;

    /// <param name="time">The clock of the readings.</param>
    /// <param name="read">Reads the system; <see cref="Read"/> if null.</param>
    public PowerSource(TimeProvider? time = null, Func<bool>? read = null)
    {
        _time = time ?? TimeProvider.System;
        _read = read ?? Read;
        _readAt = long.MinValue;
    }

    /// <summary>The machine ran on its battery when it was last read. Never blocks: a thread of the pool
    /// reads.</summary>
    public bool IsBattery
    {
        get
        {
            long now = _time.GetTimestamp();
            if (_readAt == long.MinValue || _time.GetElapsedTime(_readAt, now) >= Interval)
            {
                _readAt = now;
                ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            }
            return _isBattery;
        }
    }

    void IThreadPoolWorkItem.Execute() => _isBattery = _read();

    private static bool Read() => OperatingSystem.IsMacOS() ? TimeRemaining() != Unlimited : ReadLinux(LinuxFolder);

    /// <summary>Reads Linux's power supplies: a machine with a mains adapter, none of which is connected.</summary>
    /// <param name="folder">The folder with one folder for each supply (sysfs-class-power).</param>
    internal static bool ReadLinux(string folder)
    {
        try
        {
            string[] adapters =
            [
                .. Directory.GetDirectories(folder).Where(supply => ReadWord(supply, "type") is "Mains" or "USB"),
            ];
            return adapters.Any(adapter => ReadWord(adapter, "type") == "Mains")
                && adapters.All(adapter => ReadWord(adapter, "online") == "0");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The system has no such folder, or a supply was just removed: the machine is not known to have a battery.
            return false;
        }
    }

    private static string ReadWord(string supply, string name) => File.ReadAllText(Path.Combine(supply, name)).Trim();

    [DllImport("/System/Library/Frameworks/IOKit.framework/IOKit", EntryPoint = "IOPSGetTimeRemainingEstimate")]
    private static extern double TimeRemaining();
}
