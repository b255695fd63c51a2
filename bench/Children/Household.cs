using System.Runtime.InteropServices;

namespace FastGate.Bench.Children;

/// <summary>
/// Every process and file that this run made, so that all of them end with it, also when it is interrupted. Static
/// because BenchmarkDotNet makes its own objects and a signal comes from nowhere.
/// </summary>
internal static class Household
{
    private static readonly Lock Gate = new();
    private static readonly HashSet<Child> Living = [];
    private static readonly Lazy<string> Root = new(() => Directory.CreateTempSubdirectory("fastgate-bench-").FullName);
    private static int folders;
    private static bool ended;

    /// <summary>A new, empty folder that is deleted at the end of the run.</summary>
    public static string NewFolder() =>
        Directory.CreateDirectory(Path.Combine(Root.Value, $"{Interlocked.Increment(ref folders)}")).FullName;

    /// <summary>Keeps until it is disposed of: Ctrl-C and its like end the children first.</summary>
    public static IDisposable WatchSignals()
    {
        PosixSignalRegistration[] watched =
        [
            .. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT }.Select(
                signal => PosixSignalRegistration.Create(signal, Interrupted)
            ),
        ];
        return new Registrations(watched);
    }

    /// <summary>Takes in a child that has just started; one that comes too late ends at once.</summary>
    public static void Add(Child child)
    {
        lock (Gate)
        {
            Living.Add(child);
            if (ended)
                child.Kill();
        }
    }

    public static void Remove(Child child)
    {
        lock (Gate)
            Living.Remove(child);
    }

    public static void End()
    {
        lock (Gate)
        {
            ended = true;
            foreach (Child child in Living)
                child.Kill();
        }
        if (Root.IsValueCreated && Directory.Exists(Root.Value))
            Directory.Delete(Root.Value, recursive: true);
    }

    private static void Interrupted(PosixSignalContext signal)
    {
        End();
        // As a shell counts: 128 and the number of SIGINT.
        Environment.Exit(130);
    }

    private sealed class Registrations(PosixSignalRegistration[] watched) : IDisposable
    {
        public void Dispose()
        {
            foreach (PosixSignalRegistration one in watched)
                one.Dispose();
        }
    }
}
