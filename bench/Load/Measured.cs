namespace FastGate.Bench.Load;

/// <summary>What one subject did in a workload.</summary>
/// <param name="Name">The subject's.</param>
/// <param name="Latencies">One for each exchange.</param>
/// <param name="CpuSeconds">Processor time of the subject meanwhile; 0 for direct.</param>
internal sealed record Measured(string Name, Latencies Latencies, double CpuSeconds);
