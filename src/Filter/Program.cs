using FastGate.Cli;

return await CommandLine.RunAsync(args, Terminal.OfProcess());
