using FastGate.Commands;
using FastGate.Commands.Shared;

return await CommandLine.RunAsync(args, Terminal.OfProcess());
