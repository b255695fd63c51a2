using FastGate.Commands;
using FastGate.Commands.Shared;

namespace FastGate.Test.Commands.Shared;

/// <summary>Runs command lines that end by themselves, in this process.</summary>
internal static class Words
{
    /// <summary>No file of this machine's user: what a test does not say has its default.</summary>
    public static readonly string Empty = WriteEmpty();

    public static async Task<Answer> RunAsync(params string[] words)
    {
        StringWriter @out = new();
        StringWriter error = new();
        int code = await CommandLine.RunAsync(words, new Terminal(@out, error));
        return new Answer(code, Trimmed(@out), Trimmed(error));
    }

    /// <summary>The verb check on the config of the defaults.</summary>
    public static Task<Answer> CheckAsync(params string[] words) => RunAsync(["check", "--config", Empty, .. words]);

    // A table fills its last column with blanks.
    private static string Trimmed(StringWriter text) =>
        string.Join('\n', text.ToString().ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd()))
            .TrimEnd('\n');

    private static string WriteEmpty()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "empty.json");
        File.WriteAllText(path, "{}");
        return path;
    }
}
