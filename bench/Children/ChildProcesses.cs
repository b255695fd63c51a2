using System.Runtime.InteropServices;

namespace FastGate.Bench.Children;

/// <summary>
/// Tracks every process and file of this run, so that all are removed at its end, also when it is interrupted. Static
/// because BenchmarkDotNet creates its own objects, and a signal handler has no instance.
/// </summary>
internal static class ChildProcesses
{
    private static readonly Lock Gate = new();
    private static readonly HashSet<Child> Running = [];
    private static readonly Lazy<string> Root = new(() => Directory.CreateTempSubdirectory("fastgate-bench-").FullName);
    private static int folders;
    private static bool ended;

    /// <summary>Creates an empty folder that is deleted at the end of the run.</summary>
    public static string NewFolder()
    {
        lock (Gate)
        {
            if (!ended)
                return Directory.CreateDirectory(Path.Combine(Root.Value, $"{++folders}")).FullName;
        }
        // The run was interrupted, and this process is about to exit: what comes next must not begin.
        Thread.Sleep(Timeout.Infinite);
        throw new InvalidOperationException("The run has ended.");
    }

    /// <summary>Until disposed, kills the children first at Ctrl-C and similar signals.</summary>
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

    /// <summary>Adds a child that has just started, or kills it if the run has already ended.</summary>
    public static void Add(Child child)
    {
        lock (Gate)
        {
            Running.Add(child);
            if (ended)
                child.Kill();
        }
    }

    public static void Remove(Child child)
    {
        lock (Gate)
            Running.Remove(child);
    }

    public static void End()
    {
        lock (Gate)
        {
            ended = true;
            foreach (Child child in Running)
                child.Kill();
            if (Root.IsValueCreated && Directory.Exists(Root.Value))
                Directory.Delete(Root.Value, recursive: true);
        }
    }

    private static void Interrupted(PosixSignalContext signal)
    {
        End();
        // As in a shell: 128 plus the number of SIGINT.
        Environment.Exit(130);
    }

    private sealed class Registrations(PosixSignalRegistration[] watched) : IDisposable
    {
        public void Dispose()
        {
            foreach (PosixSignalRegistration registration in watched)
                registration.Dispose();
        }
    }
}
