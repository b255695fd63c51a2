using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using FastGate.Proxy.Transport;

namespace FastGate.Test.Support;

/// <summary>
/// On Linux: macOS's kqueue and socket calls by the C files of <c>test/kqueue</c>, built with gcc when they are first
/// needed. On a Mac the real ones are used, and nothing is built.
/// </summary>
internal static class Emulation
{
    private const string Name = "libSystem";

    // Every so many waits one is interrupted, as a signal would do it.
    private const int InterruptEvery = 5;

    private static readonly Lazy<(string? Folder, string Problem)> Built = new(Build);
    private static readonly Lazy<bool> Loaded = new(Load);

    /// <summary>Calls that FastGate finds in libSystem on a Mac are found in the emulation from now on.</summary>
    public static void Need()
    {
        if (OperatingSystem.IsMacOS())
            return;
        if (!OperatingSystem.IsLinux())
            Required.Missing("kqueue (macOS, or Linux with gcc)");
        _ = Folder();
        _ = Loaded.Value;
    }

    /// <summary>The environment in which a program finds kqueue, and sockets that behave as on a Mac.</summary>
    public static (string Name, string Value)[] Variables(params (string Name, string Value)[] more) =>
        OperatingSystem.IsMacOS()
            ? []
            :
            [
                ("LD_LIBRARY_PATH", Folder()),
                ("LD_PRELOAD", Path.Combine(Folder(), "libpreload.so")),
                ("KQ_EINTR", $"{InterruptEvery}"),
                .. more,
            ];

    /// <summary>Waits of this process that were interrupted.</summary>
    public static long Interrupted => OperatingSystem.IsLinux() && Loaded.IsValueCreated ? CountInterrupted() : 0;

    private static string Folder()
    {
        if (Built.Value.Folder is null)
            Required.Missing(Built.Value.Problem);
        return Built.Value.Folder;
    }

    private static bool Load()
    {
        nint library = NativeLibrary.Load(Path.Combine(Folder(), Name + ".so"));
        DllImportResolver resolve = (name, _, _) => name == Name ? library : 0;
        NativeLibrary.SetDllImportResolver(typeof(Kqueue).Assembly, resolve);
        NativeLibrary.SetDllImportResolver(Assembly.GetExecutingAssembly(), resolve);
        InterruptWaits(InterruptEvery);
        return true;
    }

    private static (string? Folder, string Problem) Build()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "kqueue");
        Directory.CreateDirectory(folder);
        return Build(folder, Name + ".so", ["sockets.c", "queue.c", "system.c"])
            ?? Build(folder, "libpreload.so", ["sockets.c", "preload.c"])
            ?? (folder, "");
    }

    private static (string? Folder, string Problem)? Build(string folder, string library, string[] sources)
    {
        string from = Path.Combine(SourceTree.Root, "test", "kqueue");
        string to = Path.Combine(folder, library);
        // Under a name of its own and then renamed: another process may use the one that is there.
        string aside = $"{to}.{Environment.ProcessId}";
        ProcessStartInfo info = new(
            "gcc",
            ["-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", aside, .. sources, "-lpthread"]
        )
        {
            WorkingDirectory = from,
            RedirectStandardError = true,
        };
        try
        {
            using Process gcc = Process.Start(info)!;
            string faults = gcc.StandardError.ReadToEnd();
            gcc.WaitForExit();
            Assert.AreEqual(0, gcc.ExitCode, $"gcc does not build test/kqueue: {faults}");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return (null, "gcc, for the emulation of kqueue");
        }
        File.Move(aside, to, overwrite: true);
        return null;
    }

    [DllImport(Name, EntryPoint = "xnu_interrupt_every")]
    private static extern void InterruptWaits(int every);

    [DllImport(Name, EntryPoint = "xnu_interrupted")]
    private static extern long CountInterrupted();
}
