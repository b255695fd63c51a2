using System.Net;

namespace FastGate.Commands.Demo;

/// <summary>What the command line asks of <c>demo</c>.</summary>
/// <param name="Listen">Where the gate listens, on loopback; null for <see cref="DemoStage.UsualEndPoint"/> or, if that
/// is taken, any free port.</param>
/// <param name="Backend">How the loops wait.</param>
/// <param name="Once">End after the show.</param>
internal sealed record DemoOptions(IPEndPoint? Listen, string Backend, bool Once);
