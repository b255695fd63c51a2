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

    public Task<CommandResult> RunAsync(string program, IReadOnlyList<string> arguments, TimeSpan timeout) =>
        RunAsync(program, arguments, new Limit(timeout, OnLine: null));

    /// <summary>Runs a program that works for minutes, for as long as it keeps writing.</summary>
    /// <param name="program">A name on the search path, or an absolute path.</param>
    /// <param name="arguments">The arguments, as the program receives them; no shell reads them.</param>
    /// <param name="silence">The program is killed when it has written nothing for this long.</param>
    /// <param name="onLine">Called with each line of its output as it arrives, on any thread.</param>
    public Task<CommandResult> FollowAsync(
        string program,
        IReadOnlyList<string> arguments,
        TimeSpan silence,
        Action<string> onLine
    ) => RunAsync(program, arguments, new Limit(silence, onLine));

    private async Task<CommandResult> RunAsync(string program, IReadOnlyList<string> arguments, Limit limit)
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
            return await EndAsync(process, limit);
        }
        catch (Win32Exception exception)
        {
            // The file exists but is not a program, or may not be executed.
            return new CommandResult(126, "", $"{path}: {exception.Message}");
        }
    }

    private static async Task<CommandResult> EndAsync(Process process, Limit limit)
    {
        process.StandardInput.Close();
        Task<string?> output = ReadAsync(process.StandardOutput, limit);
        Task<string?> error = ReadAsync(process.StandardError, limit);
        Task exit = process.WaitForExitAsync();
        using CancellationTokenSource ended = new();
        Task expired = limit.ExpireAsync(ended.Token);
        // A program that writes endlessly would never end by itself, because its output is no longer read.
        Task first = await Task.WhenAny(exit, expired, OverflowAsync(output), OverflowAsync(error));
        await ended.CancelAsync();
        if (first == expired)
        {
            process.Kill(entireProcessTree: true);
            return new CommandResult(CommandResult.TimedOut, "", limit.Text);
        }
        if (first != exit)
            return StopOverflowing(process);
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
    private static async Task<string?> ReadAsync(StreamReader reader, Limit limit)
    {
        StringBuilder text = new();
        int lineStart = 0;
        char[] buffer = new char[16 * 1024];
        while (await reader.ReadAsync(buffer) is var count and > 0)
        {
            if (text.Length + count > OutputCharactersMax)
                return null;
            text.Append(buffer, 0, count);
            lineStart = limit.Read(text, lineStart, count);
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

    /// <summary>How long a program may take, or, where its lines are followed, how long it may write nothing.</summary>
    private sealed record Limit(TimeSpan Time, Action<string>? OnLine)
    {
        // Written by the readers of both streams.
        private long _start = Stopwatch.GetTimestamp();

        public string Text =>
            OnLine is null
                ? $"timed out after {Time.TotalSeconds:0} s"
                : $"stopped after writing nothing for {Time.TotalMinutes:0.##} min";

        public async Task ExpireAsync(CancellationToken cancellationToken)
        {
            while (Time - Stopwatch.GetElapsedTime(Volatile.Read(ref _start)) is var left && left > TimeSpan.Zero)
                await Task.Delay(left, cancellationToken);
        }

        /// <summary>Reports the lines that are complete with the text just read.</summary>
        /// <param name="text">Everything read so far.</param>
        /// <param name="lineStart">Where the first line that has not been reported starts.</param>
        /// <param name="count">The number of characters just read.</param>
        /// <returns>The new start.</returns>
        public int Read(StringBuilder text, int lineStart, int count)
        {
            if (OnLine is null)
                return lineStart;
            Volatile.Write(ref _start, Stopwatch.GetTimestamp());
            string last = text.ToString(text.Length - count, count);
            int offset = text.Length - count;
            for (int end; (end = last.IndexOf('\n', lineStart > offset ? lineStart - offset : 0)) >= 0; )
            {
                OnLine(text.ToString(lineStart, offset + end - lineStart).TrimEnd('\r'));
                lineStart = offset + end + 1;
            }
            return lineStart;
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
