using System.Diagnostics;
using System.Globalization;
using FastGate.Test.Support;

namespace FastGate.Test.Commands.Demo;

/// <summary><c>fastgate demo</c> as a process of its own.</summary>
internal sealed class DemoProcess : IDisposable
{
    // Where it was built: beside the tests it would lack what the tests have from ASP.NET.
    private readonly Process _process;
    private readonly Task<string> _faults;

    public DemoProcess(params string[] arguments)
        : this([], arguments) { }

    /// <summary>With more in its environment.</summary>
    public DemoProcess((string Name, string Value)[] variables, params string[] arguments)
    {
        ProcessStartInfo start = new(SourceTree.Program, ["demo", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in variables)
            start.Environment[name] = value;
        _process = Process.Start(start)!;
        _faults = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>The next line of its output that has <paramref name="text"/> in it.</summary>
    public async Task<string> LineWithAsync(string text)
    {
        while (await _process.StandardOutput.ReadLineAsync().WaitAsync(RawExchange.Deadline) is { } line)
            if (line.Contains(text, StringComparison.Ordinal))
                return line;

        throw new AssertFailedException($"The output ended without \"{text}\": {await _faults}");
    }

    /// <param name="name"><c>INT</c> or <c>TERM</c>.</param>
    public async Task SignalAsync(string name)
    {
        using Process kill = Process.Start("kill", [$"-{name}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync().WaitAsync(RawExchange.Deadline);
        Assert.AreEqual(0, kill.ExitCode);
    }

    /// <summary>Waits for its end, and reads what is left.</summary>
    public async Task<(int ExitCode, string Output, string Faults)> EndAsync()
    {
        string output = await _process.StandardOutput.ReadToEndAsync().WaitAsync(RawExchange.Deadline);
        await _process.WaitForExitAsync().WaitAsync(RawExchange.Deadline);
        return (_process.ExitCode, output, await _faults);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
