using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace FastGate.Bench.Children;

/// <summary>A child process, killed together with its own children.</summary>
internal sealed class Child : IDisposable
{
    private static readonly string[] UserFolders = ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"];

    private readonly Process _process;
    private readonly BlockingCollection<string> _lines = [];
    private volatile string _lastError = "";

    private Child(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>The last line on standard error, which explains an early exit.</summary>
    public string LastError => _lastError;

    /// <param name="program">Path of the program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="folder">Replaces the user's folders for config, data and state.</param>
    public static Child Start(string program, IEnumerable<string> arguments, string? folder = null)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (folder is not null)
            foreach (string kind in UserFolders)
                start.Environment[kind] = folder;
        Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        Child child = new(process);
        ChildProcesses.Add(child);
        process.ErrorDataReceived += (_, line) =>
            child._lastError = string.IsNullOrWhiteSpace(line.Data) ? child._lastError : line.Data;
        process.OutputDataReceived += (_, line) => child.Take(line.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        return child;
    }

    /// <summary>Reads the next line of its standard output.</summary>
    /// <exception cref="TimeoutException">No line arrived in time, or the process exited.</exception>
    public string ReadLine(TimeSpan timeout) =>
        _lines.TryTake(out string? line, timeout)
            ? line
            : throw new TimeoutException(
                $"Process {Id} wrote no line within {timeout.TotalSeconds:0.#} s. {LastError}"
            );

    /// <summary>Waits until something accepts connections there.</summary>
    /// <exception cref="TimeoutException">Nothing did within ten seconds, or the process exited.</exception>
    public void AwaitPort(IPEndPoint endPoint)
    {
        long began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(10) && !_process.WaitForExit(10))
        {
            using Socket probe = new(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                probe.Connect(endPoint);
                return;
            }
            catch (SocketException)
            {
                // Not yet.
            }
        }
        // Also waits until its last output has been read.
        if (HasExited)
            _process.WaitForExit();
        throw new TimeoutException(
            HasExited ? $"it exited: {LastError}" : $"it does not listen on {endPoint}: {LastError}"
        );
    }

    /// <summary>Waits for the exit, and calls back meanwhile, several times a second.</summary>
    /// <returns>The exit code, and all lines of its standard output that nobody has read.</returns>
    public (int Code, string[] Lines) AwaitExit(Action tick)
    {
        while (!_process.WaitForExit(200))
            tick();
        // Also waits until its last output has been read.
        _process.WaitForExit();
        return (_process.ExitCode, [.. _lines]);
    }

    /// <summary>Returns the processor time of the process and its children so far.</summary>
    public double CpuSeconds() => Ids().Sum(CpuSecondsOf);

    /// <summary>Returns the memory of the process and its children.</summary>
    public MemoryUse Memory() => MemoryUse.Of(Ids());

    /// <summary>Kills the process and its children, and waits for the exit.</summary>
    public void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit(2_000);
        }
        catch (InvalidOperationException)
        {
            // It has already exited.
        }
    }

    public void Dispose()
    {
        ChildProcesses.Remove(this);
        Kill();
        _process.WaitForExit();
        _process.Dispose();
        _lines.Dispose();
    }

    private void Take(string? line)
    {
        if (line is not null)
            _lines.Add(line);
    }

    private static double CpuSecondsOf(int id)
    {
        if (ProcessClock.TrySeconds(id) is { } seconds)
            return seconds;
        using Process process = Process.GetProcessById(id);
        return process.TotalProcessorTime.TotalSeconds;
    }

    private List<int> Ids()
    {
        List<int> ids = [Id];
        for (int i = 0; i < ids.Count; i++)
        {
            // Only Linux lists the children; elsewhere only the process itself is counted.
            string children = $"/proc/{ids[i]}/task/{ids[i]}/children";
            if (!File.Exists(children))
                continue;
            ids.AddRange(
                File.ReadAllText(children)
                    .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    .Select(id => int.Parse(id, CultureInfo.InvariantCulture))
            );
        }
        return ids;
    }
}
