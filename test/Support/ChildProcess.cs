using System.Diagnostics;
using System.Threading.Channels;

namespace FastGate.Test.Support;

/// <summary>
/// A program that a test started and drives line by line; it ends when its input is closed, at the latest on disposal.
/// </summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly Task<string> _faults;

    private ChildProcess(Process process)
    {
        _process = process;
        _faults = process.StandardError.ReadToEndAsync();
        _ = PumpAsync();
    }

    public static ChildProcess Start(
        string program,
        IEnumerable<string> arguments,
        string? folder = null,
        params (string Name, string Value)[] variables
    )
    {
        var info = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? "",
        };
        foreach (var (name, value) in variables)
            info.Environment[name] = value;
        return new ChildProcess(
            Process.Start(info) ?? throw new InvalidOperationException($"{program} did not start.")
        );
    }

    public int Id => _process.Id;

    /// <summary>Reads the next line of its output; null at the end.</summary>
    public async Task<string?> ReadLineAsync() =>
        await _lines.Reader.WaitToReadAsync().WithinDeadline() && _lines.Reader.TryRead(out var line) ? line : null;

    public async Task WriteLineAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    public void CloseInput() => _process.StandardInput.Close();

    /// <summary>
    /// Closes its input, waits up to <paramref name="longest"/> for it to exit, and reads the remaining output.
    /// </summary>
    public async Task<(int ExitCode, string Output, string Faults)> EndAsync(TimeSpan longest)
    {
        CloseInput();
        await _process.WaitForExitAsync().WaitAsync(longest);
        var output = await _lines.Reader.ReadAllAsync().ToListAsync();
        return (_process.ExitCode, string.Join('\n', output), await _faults);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync().WithinDeadline();
        }
        _process.Dispose();
    }

    // Read at once, so that the program never blocks on a full pipe.
    private async Task PumpAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
            _lines.Writer.TryWrite(line);
        _lines.Writer.Complete();
    }
}
