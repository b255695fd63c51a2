using FastGate.Cli;

return await CommandLine.RunAsync(args);
