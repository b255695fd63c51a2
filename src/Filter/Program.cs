using System.CommandLine;
using FastGate.Cli;

RootCommand root = new("An HTTP allowlist gate in front of Ollama.") { DemoVerb.Create() };
return await root.Parse(args).InvokeAsync();
