using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using FastGate.Proxy.Transport;

namespace FastGate.Test.Support;

/// <summary>
/// Emulates macOS's kqueue and socket calls on Linux, using the C files of <c>test/kqueue</c>, which gcc builds on
/// first use. On a Mac, the real ones are used and nothing is built.
/// </summary>
internal static class Emulation
{
    private const string Name = "libSystem";

    // One wait in this many is interrupted, as by a signal.
    private const int InterruptEvery = 5;

    private static readonly Lazy<(string? Folder, string Problem)> Built = new(Build);
    private static readonly Lazy<bool> Loaded = new(Load);

    /// <summary>From now on, resolves FastGate's libSystem calls to the emulation.</summary>
    public static void Need()
    {
        if (OperatingSystem.IsMacOS())
            return;
        if (!OperatingSystem.IsLinux())
            Required.Missing("kqueue (macOS, or Linux with gcc)");
        _ = Folder();
        _ = Loaded.Value;
    }

    /// <summary>The environment variables that give a program kqueue, and sockets that behave as on a Mac.</summary>
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
        // Built under a temporary name and then renamed, since another process may be using the current file.
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
            Assert.AreEqual(0, gcc.ExitCode, $"gcc fails to build test/kqueue: {faults}");
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
