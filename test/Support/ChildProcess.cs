using System.Diagnostics;

namespace FastGate.Test.Support;

/// <summary>A program that a test started, spoken to by lines; ends when its input is closed, and at the latest when disposed.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly Task<string> faults;

    private ChildProcess(Process process)
    {
        this.process = process;
        faults = process.StandardError.ReadToEndAsync();
    }

    public static ChildProcess Start(string program, IEnumerable<string> arguments, string? folder = null,
        params (string Name, string Value)[] variables)
    {
        var info = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? "",
        };
        foreach (var (name, value) in variables) info.Environment[name] = value;
        return new ChildProcess(Process.Start(info) ?? throw new InvalidOperationException($"{program} did not start."));
    }

    /// <summary>The next line of its output, or null at its end.</summary>
    public Task<string?> ReadLineAsync() => process.StandardOutput.ReadLineAsync().WithinDeadline();

    public async Task WriteLineAsync(string line)
    {
        await process.StandardInput.WriteLineAsync(line);
        await process.StandardInput.FlushAsync();
    }

    public void CloseInput() => process.StandardInput.Close();

    /// <summary>Reads what is left of its output and waits for its end, for at most <paramref name="longest"/>.</summary>
    public async Task<(int ExitCode, string Output, string Faults)> EndAsync(TimeSpan longest)
    {
        CloseInput();
        var output = await process.StandardOutput.ReadToEndAsync().WaitAsync(longest);
        await process.WaitForExitAsync().WaitAsync(longest);
        return (process.ExitCode, output, await faults);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync().WithinDeadline();
        }
        process.Dispose();
    }
}
