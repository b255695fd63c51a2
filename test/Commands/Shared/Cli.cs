using FastGate.Commands;
using FastGate.Commands.Shared;
using FastGate.Test.Support;

namespace FastGate.Test.Commands.Shared;

/// <summary>Runs command lines that end by themselves: in the process of the tests, or in their own.</summary>
internal static class Cli
{
    /// <summary>Path of an empty config, so that defaults apply instead of the user's own file.</summary>
    public static readonly string Empty = WriteEmpty();

    public static async Task<CliResult> RunAsync(params string[] arguments)
    {
        StringWriter @out = new();
        StringWriter error = new();
        int code = await CommandLine.RunAsync(arguments, new Terminal(@out, error));
        return new CliResult(code, Trimmed(@out.ToString()), Trimmed(error.ToString()));
    }

    /// <summary>Runs the program under test, with an empty standard input.</summary>
    public static Task<CliResult> RunProcessAsync(params string[] arguments) =>
        RunProcessAsync(SourceTree.Program, arguments);

    /// <summary>Runs a program in its own process, with additional environment variables.</summary>
    public static async Task<CliResult> RunProcessAsync(
        string program,
        string[] arguments,
        params (string Name, string Value)[] variables
    )
    {
        await using ChildProcess process = ChildProcess.Start(program, arguments, null, variables);
        (int code, string output, string errors) = await process.EndAsync(StepDeadline.Longest);
        return new CliResult(code, Trimmed(output), Trimmed(errors));
    }

    /// <summary>Runs <c>check</c> with the default config.</summary>
    public static Task<CliResult> CheckAsync(params string[] arguments) =>
        RunAsync(["check", "--config", Empty, .. arguments]);

    // A table pads its last column with spaces.
    private static string Trimmed(string text) =>
        string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd())).TrimEnd('\n');

    private static string WriteEmpty()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "empty.json");
        File.WriteAllText(path, "{}");
        return path;
    }
}

/// <summary>Exit code and output of a command line.</summary>
internal sealed record CliResult(int Code, string Out, string Error);
