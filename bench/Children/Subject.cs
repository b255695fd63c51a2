using System.Net;

namespace FastGate.Bench.Children;

/// <summary>One way from the client to the answering server: direct, or through something that is measured.</summary>
internal sealed record Subject(string Name, IPEndPoint EndPoint, Child? Process) : IDisposable
{
    public bool IsDirect => Process is null;

    public double CpuSeconds() => Process?.CpuSeconds() ?? 0;

    public void Dispose() => Process?.Dispose();
}
