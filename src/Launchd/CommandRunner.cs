using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace FastGate.Launchd;

/// <summary>Runs programs as processes of their own, without input.</summary>
/// <param name="searchPath">Folders with colons between them, as in PATH.</param>
/// <param name="variables">Set for every program, over what this process has.</param>
public sealed class CommandRunner(string searchPath, IReadOnlyDictionary<string, string>? variables = null)
    : ICommandRunner
{
    // What a program leaves running in the background may hold its output open for ever.
    private static readonly TimeSpan OutputAfterExit = TimeSpan.FromSeconds(2);

    // Of standard output and of standard error each: the status of a tailnet of some thousand machines.
    private const int OutputCharactersMax = 8 << 20;

    public string? Find(string program) =>
        program.Contains('/', StringComparison.Ordinal)
            ? (File.Exists(program) ? program : null)
            : searchPath
                .Split(':', StringSplitOptions.RemoveEmptyEntries)
                .Select(folder => Path.Combine(folder, program))
                .FirstOrDefault(File.Exists);

    public async Task<CommandResult> RunAsync(string program, IReadOnlyList<string> arguments, TimeSpan longest)
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
            return await EndAsync(process, longest);
        }
        catch (Win32Exception exception)
        {
            // It is there, but is no program or may not be run.
            return new CommandResult(126, "", $"{path}: {exception.Message}");
        }
    }

    private static async Task<CommandResult> EndAsync(Process process, TimeSpan longest)
    {
        process.StandardInput.Close();
        Task<string?> output = ReadAsync(process.StandardOutput);
        Task<string?> error = ReadAsync(process.StandardError);
        Task exit = process.WaitForExitAsync();
        try
        {
            // A program that writes without end would not end by itself: nobody reads on.
            Task first = await Task.WhenAny(exit, OverflowAsync(output), OverflowAsync(error)).WaitAsync(longest);
            if (first != exit)
                return Overflown(process);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            return new CommandResult(
                CommandResult.TimedOut,
                "",
                $"ended after {longest.TotalSeconds:0} s without an answer"
            );
        }
        return await SoonAsync(output) is { } said && await SoonAsync(error) is { } words
            ? new CommandResult(process.ExitCode, said, words)
            : Overflown(process);
    }

    private static CommandResult Overflown(Process process)
    {
        process.Kill(entireProcessTree: true);
        return new CommandResult(
            CommandResult.WroteTooMuch,
            "",
            $"ended, since it wrote more than {OutputCharactersMax >> 20} MiB"
        );
    }

    /// <summary>Completes when a text turns out to be too long, and only then.</summary>
    private static async Task OverflowAsync(Task<string?> text)
    {
        if (await text is not null)
            await Task.Delay(Timeout.Infinite);
    }

    /// <returns>Null when there is more than the limit.</returns>
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
            // It has ended, so its exit code counts; only its words are lost.
            return "";
        }
    }
}

/// <summary>Runs the system's programs. Everything that is asked of the system goes through one of these.</summary>
public interface ICommandRunner
{
    /// <summary>The whole path of a program, as the search path finds it; null if it does not.</summary>
    string? Find(string program);

    /// <summary>Runs a program to its end; a program that is not there or takes too long is an exit code, not an
    /// exception.</summary>
    /// <param name="program">A name to be found, or a whole path.</param>
    /// <param name="arguments">As they are to arrive; no shell reads them.</param>
    /// <param name="longest">Then it is ended.</param>
    Task<CommandResult> RunAsync(string program, IReadOnlyList<string> arguments, TimeSpan longest);
}

/// <summary>What a program that was run came to.</summary>
public sealed record CommandResult(int ExitCode, string Output, string Error)
{
    /// <summary>As shells say it: there is no such program.</summary>
    public const int NotFound = 127;

    /// <summary>As <c>timeout</c> says it: it was ended because it took too long.</summary>
    public const int TimedOut = 124;

    /// <summary>It was ended because its output had no end.</summary>
    public const int WroteTooMuch = 125;

    public bool Succeeded => ExitCode == 0;

    /// <summary>Its own last words, in one line; failing that, its exit code.</summary>
    public string Description
    {
        get
        {
            string words = string.IsNullOrWhiteSpace(Error) ? Output : Error;
            string line = words.Trim().Split('\n')[^1].Trim();
            return line.Length > 0 ? line : $"exit code {ExitCode}";
        }
    }
}
