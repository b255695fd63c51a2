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
}
