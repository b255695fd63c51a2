using System.Diagnostics;
using System.Globalization;
using FastGate.Test.Support;

namespace FastGate.Test.Commands.Demo;

/// <summary><c>fastgate demo</c> as a separate process.</summary>
internal sealed class DemoProcess : IDisposable
{
    // Runs from its own build folder: in the tests' folder it would not find the ASP.NET assemblies.
    private readonly Process _process;
    private readonly Task<string> _errors;

    public DemoProcess(params string[] arguments)
        : this([], arguments) { }

    /// <summary>Starts it with additional environment variables.</summary>
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
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Returns the next line of its output that contains <paramref name="text"/>.</summary>
    public async Task<string> LineWithAsync(string text)
    {
        while (await _process.StandardOutput.ReadLineAsync().WaitAsync(RawExchange.Deadline) is { } line)
            if (line.Contains(text, StringComparison.Ordinal))
                return line;

        throw new AssertFailedException($"The output ended without \"{text}\": {await _errors}");
    }

    /// <param name="name"><c>INT</c> or <c>TERM</c>.</param>
    public async Task SignalAsync(string name)
    {
        using Process kill = Process.Start("kill", [$"-{name}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync().WaitAsync(RawExchange.Deadline);
        Assert.AreEqual(0, kill.ExitCode);
    }

    /// <summary>Waits until it exits, and returns the remaining output.</summary>
    public async Task<(int ExitCode, string Output, string Errors)> EndAsync()
    {
        string output = await _process.StandardOutput.ReadToEndAsync().WaitAsync(RawExchange.Deadline);
        await _process.WaitForExitAsync().WaitAsync(RawExchange.Deadline);
        return (_process.ExitCode, output, await _errors);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
