using System.Collections.Concurrent;
using System.Diagnostics;
using FastGate.Test.Support;

namespace FastGate.Test.Commands.Shared;

/// <summary>The real program in its own process; tests can wait for lines on its standard error.</summary>
internal sealed class GateProcess : IDisposable
{
    private readonly Process _process;
    private readonly BlockingCollection<string> _lines = [];
    private readonly ConcurrentQueue<string> _all = new();
    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("fg-");

    private GateProcess(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is null)
                return;
            _all.Enqueue(line.Data);
            _lines.Add(line.Data);
        };
    }

    public int Id => _process.Id;

    /// <summary>Its metrics socket, unless a flag sets another.</summary>
    public string MetricsSocket => Path.Combine(_state.FullName, "fastgate/run/gate.sock");

    /// <summary>All lines on standard error so far.</summary>
    public string Output => string.Join('\n', _all);

    public static GateProcess Start(params string[] words) => Start(SourceTree.Program, words);

    /// <summary>Starts it with additional environment variables.</summary>
    public static GateProcess Start((string Name, string Value)[] variables, params string[] words) =>
        Start(SourceTree.Program, words, variables);

    /// <summary>Starts it with a limit on file descriptors.</summary>
    public static GateProcess StartLimited(int descriptors, params string[] words) =>
        Start(
            Required.Tool("sh"),
            ["-c", $"ulimit -n {descriptors}; exec \"$0\" \"$@\"", SourceTree.Program, .. words]
        );

    /// <summary>Starts it in another network namespace.</summary>
    public static GateProcess StartIn(NetNamespace network, params string[] words)
    {
        (string program, string[] arguments) = network.Inside(SourceTree.Program, words);
        return Start(program, arguments);
    }

    /// <summary>The same, but as an argument of <c>dotnet</c>, whose name the process then has.</summary>
    public static GateProcess StartByDotnet(NetNamespace network, params string[] words)
    {
        (string program, string[] arguments) = network.Inside(
            Required.Tool("dotnet"),
            [$"{SourceTree.Program}.dll", .. words]
        );
        return Start(program, arguments);
    }

    /// <summary>Starts it in another network namespace, with this socket at the default path of tailscaled's.</summary>
    public static GateProcess StartBeside(NetNamespace network, string tailscaled, params string[] words)
    {
        // A mount namespace: invisible outside, and gone when the program exits.
        const string Mounts =
            "mount -t tmpfs none /run && mkdir /run/tailscale && ln -s \"$0\" "
            + "/run/tailscale/tailscaled.sock && exec \"$@\"";
        (string program, string[] arguments) = network.Inside(
            Required.Tool("unshare"),
            ["--mount", "sh", "-c", Mounts, tailscaled, SourceTree.Program, .. words]
        );
        return Start(program, arguments);
    }

    private static GateProcess Start(string program, string[] arguments, params (string Name, string Value)[] variables)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            RedirectStandardError = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        GateProcess gate = new(new Process { StartInfo = start });
        // Isolated from the files of the user who runs the tests.
        start.Environment["XDG_CONFIG_HOME"] = "/nowhere";
        start.Environment["XDG_STATE_HOME"] = gate._state.FullName;
        start.Environment["DOTNET_gcServer"] = "0";
        foreach ((string name, string value) in variables)
            start.Environment[name] = value;
        gate._process.Start();
        gate._process.BeginErrorReadLine();
        return gate;
    }

    /// <summary>Waits for a line that contains this text, and skips the ones before it.</summary>
    public void WaitFor(string text)
    {
        using CancellationTokenSource late = new(StepDeadline.Longest);
        try
        {
            while (!_lines.Take(late.Token).Contains(text, StringComparison.Ordinal))
                ;
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"No line contains \"{text}\"; the output is:\n{Output}");
        }
    }

    /// <param name="name">Such as TERM.</param>
    public void Signal(string name) => Support.Signal.Send(_process.Id, name);

    public Task SuspendAsync() => Support.Signal.SuspendAsync(_process.Id);

    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().WithinDeadline();
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        // Shown with a test that fails.
        TestContext.Current?.WriteLine($"Exit code {_process.ExitCode}, standard error:\n{Output}");
        _process.Dispose();
        _lines.Dispose();
        _state.Delete(recursive: true);
    }
}
