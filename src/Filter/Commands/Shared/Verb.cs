using System.CommandLine;

namespace FastGate.Commands.Shared;

/// <summary>A verb of the command line, with examples for its help.</summary>
internal sealed class Verb(string name, string sentence, params Example[] examples) : Command(name, sentence)
{
    public IReadOnlyList<Example> Examples => examples;
}

/// <summary>A command line that can be typed as it is, and what it does.</summary>
internal readonly record struct Example(string Command, string Meaning);
