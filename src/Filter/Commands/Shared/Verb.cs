using System.CommandLine;

namespace FastGate.Commands.Shared;

/// <summary>A verb of the command line, with the examples for its help.</summary>
internal sealed class Verb(string name, string summary, params Example[] examples) : Command(name, summary)
{
    public IReadOnlyList<Example> Examples => examples;
}

/// <summary>A complete command line and what it does.</summary>
internal readonly record struct Example(string Command, string Meaning);
