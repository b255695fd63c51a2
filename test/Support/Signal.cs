using System.Diagnostics;
using System.Globalization;

namespace FastGate.Test.Support;

/// <summary>Signals to a process that a test started.</summary>
internal static class Signal
{
    /// <param name="processId">The process to signal.</param>
    /// <param name="name">Such as TERM.</param>
    public static void Send(int processId, string name)
    {
        using Process kill = Process.Start("kill", [$"-{name}", processId.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        Assert.AreEqual(0, kill.ExitCode);
    }

    /// <summary>
    /// Suspends a process, and returns when its threads have stopped: kill returns before they do, and a thread on
    /// another processor can still answer one request.
    /// </summary>
    public static Task SuspendAsync(int processId)
    {
        Send(processId, "STOP");
        return Until.HoldsAsync(() => ThreadStates(processId).All(state => state == 'T'), "each thread is suspended");
    }

    // On macOS ps gives one state for the whole process.
    private static char[] ThreadStates(int processId)
    {
        if (OperatingSystem.IsLinux())
        {
            return
            [
                .. Directory
                    .GetDirectories($"/proc/{processId}/task")
                    .Select(thread => File.ReadAllText(Path.Combine(thread, "stat")))
                    .Select(stat => stat[stat.LastIndexOf(')') + 2]),
            ];
        }
        using Process ps = new() { StartInfo = new("ps", ["-o", "state=", "-p", $"{processId}"]) };
        ps.StartInfo.RedirectStandardOutput = true;
        ps.Start();
        return [ps.StandardOutput.ReadToEnd().TrimStart()[0]];
    }
}
