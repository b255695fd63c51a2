using System.CommandLine;

namespace FastGate.Cli;

/// <summary>The words behind <c>fastgate</c>: finds the verb that they name and runs it.</summary>
internal static class CommandLine
{
    public static Task<int> RunAsync(string[] words)
    {
        RootCommand root = new("An HTTP allowlist gate in front of Ollama.") { DemoVerb.Create() };
        return root.Parse(words).InvokeAsync();
    }
}
