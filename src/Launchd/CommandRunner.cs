using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace FastGate.Launchd;

/// <summary>Runs programs as child processes, without input.</summary>
/// <param name="searchPath">Folders separated by colons, as in PATH.</param>
/// <param name="variables">Environment variables for every program, overriding those of this process.</param>
public sealed class CommandRunner(string searchPath, IReadOnlyDictionary<string, string>? variables = null)
    : ICommandRunner
{
    // A background process that the program leaves running may hold its output open indefinitely.
    private static readonly TimeSpan OutputAfterExit = TimeSpan.FromSeconds(2);

    // For standard output and standard error each: enough for the status of a tailnet with about a thousand machines.
    private const int OutputCharactersMax = 8 << 20;

    public string? Find(string program) =>
        program.Contains('/', StringComparison.Ordinal)
            ? (File.Exists(program) ? program : null)
            : searchPath
                .Split(':', StringSplitOptions.RemoveEmptyEntries)
                .Select(folder => Path.Combine(folder, program))
                .FirstOrDefault(File.Exists);

    public async Task<CommandResult> RunAsync(string program, IReadOnlyList<string> arguments, TimeSpan timeout)
    {
        if (Find(program) is not { } path)
            return new CommandResult(CommandResult.NotFound, "", $"{program}: not found");
        ProcessStartInfo start = new(path, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = searchPath;
        foreach ((string name, string value) in variables ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        try
        {
            using Process process = Process.Start(start)!;
            return await EndAsync(process, timeout);
        }
        catch (Win32Exception exception)
        {
            // The file exists but is not a program, or may not be executed.
            return new CommandResult(126, "", $"{path}: {exception.Message}");
        }
    }

    private static async Task<CommandResult> EndAsync(Process process, TimeSpan timeout)
    {
        process.StandardInput.Close();
        Task<string?> output = ReadAsync(process.StandardOutput);
        Task<string?> error = ReadAsync(process.StandardError);
        Task exit = process.WaitForExitAsync();
        try
        {
            // A program that writes endlessly would never end by itself, because its output is no longer read.
            Task first = await Task.WhenAny(exit, OverflowAsync(output), OverflowAsync(error)).WaitAsync(timeout);
            if (first != exit)
                return StopOverflowing(process);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            return new CommandResult(CommandResult.TimedOut, "", $"timed out after {timeout.TotalSeconds:0} s");
        }
        return await SoonAsync(output) is { } outputText && await SoonAsync(error) is { } errorText
            ? new CommandResult(process.ExitCode, outputText, errorText)
            : StopOverflowing(process);
    }

    private static CommandResult StopOverflowing(Process process)
    {
        process.Kill(entireProcessTree: true);
        return new CommandResult(
            CommandResult.WroteTooMuch,
            "",
            $"stopped after writing more than {OutputCharactersMax >> 20} MiB"
        );
    }

    /// <summary>Completes only if the text turns out to be too long.</summary>
    private static async Task OverflowAsync(Task<string?> text)
    {
        if (await text is not null)
            await Task.Delay(Timeout.Infinite);
    }

    /// <returns>Null if the output exceeds the limit.</returns>
    private static async Task<string?> ReadAsync(StreamReader reader)
    {
        StringBuilder text = new();
        char[] buffer = new char[16 * 1024];
        while (await reader.ReadAsync(buffer) is var count and > 0)
        {
            if (text.Length + count > OutputCharactersMax)
                return null;
            text.Append(buffer, 0, count);
        }
        return text.ToString();
    }

    private static async Task<string?> SoonAsync(Task<string?> text)
    {
        try
        {
            return await text.WaitAsync(OutputAfterExit);
        }
        catch (TimeoutException)
        {
            // The program has ended, so its exit code counts; only its output is lost.
            return "";
        }
    }
}

/// <summary>Runs the system's programs. The only way in which FastGate runs other programs.</summary>
public interface ICommandRunner
{
    /// <summary>The absolute path of a program on the search path; null if it is not found.</summary>
    string? Find(string program);

    /// <summary>Runs a program until it ends. A missing program or a timeout is an exit code, not an
    /// exception.</summary>
    /// <param name="program">A name on the search path, or an absolute path.</param>
    /// <param name="arguments">The arguments, as the program receives them; no shell reads them.</param>
    /// <param name="timeout">The program is killed after this long.</param>
    Task<CommandResult> RunAsync(string program, IReadOnlyList<string> arguments, TimeSpan timeout);
}

/// <summary>The result of running a program.</summary>
public sealed record CommandResult(int ExitCode, string Output, string Error)
{
    /// <summary>The program was not found, as shells report it.</summary>
    public const int NotFound = 127;

    /// <summary>The program timed out, as <c>timeout</c> reports it.</summary>
    public const int TimedOut = 124;

    /// <summary>The program was stopped because it wrote too much.</summary>
    public const int WroteTooMuch = 125;

    public bool Succeeded => ExitCode == 0;

    /// <summary>The last line that it wrote, or else its exit code.</summary>
    public string Description
    {
        get
        {
            string written = string.IsNullOrWhiteSpace(Error) ? Output : Error;
            string line = written.Trim().Split('\n')[^1].Trim();
            return line.Length > 0 ? line : $"exit code {ExitCode}";
        }
    }
}
