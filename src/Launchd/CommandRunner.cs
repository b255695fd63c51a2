using System.ComponentModel;
using System.Diagnostics;

namespace FastGate.Launchd;

/// <summary>Runs programs as processes of their own, without input.</summary>
/// <param name="searchPath">Folders with colons between them, as in PATH.</param>
/// <param name="variables">Set for every program, over what this process has.</param>
public sealed class CommandRunner(string searchPath, IReadOnlyDictionary<string, string>? variables = null) : ICommandRunner
{
    // What a program leaves running in the background may hold its output open for ever.
    private static readonly TimeSpan OutputAfterExit = TimeSpan.FromSeconds(2);

    public string? Find(string program) => program.Contains('/', StringComparison.Ordinal)
        ? (File.Exists(program) ? program : null)
        : searchPath.Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    public async Task<CommandResult> RunAsync(string program, IReadOnlyList<string> arguments, TimeSpan longest)
    {
        if (Find(program) is not { } path) return new CommandResult(CommandResult.NotFound, "", $"{program}: not found");
        ProcessStartInfo start = new(path, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = searchPath;
        foreach ((string name, string value) in variables ?? new Dictionary<string, string>()) start.Environment[name] = value;
        try
        {
            using Process process = Process.Start(start)!;
            return await EndAsync(process, longest);
        }
        catch (Win32Exception refused)
        {
            // It is there, but is no program or may not be run.
            return new CommandResult(126, "", $"{path}: {refused.Message}");
        }
    }

    private static async Task<CommandResult> EndAsync(Process process, TimeSpan longest)
    {
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(longest);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            return new CommandResult(CommandResult.TookTooLong, "", $"ended after {longest.TotalSeconds:0} s without an answer");
        }
        return new CommandResult(process.ExitCode, await SoonAsync(output), await SoonAsync(error));
    }

    private static async Task<string> SoonAsync(Task<string> text)
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
