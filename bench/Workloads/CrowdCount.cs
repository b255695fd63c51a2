namespace FastGate.Bench.Workloads;

/// <summary>What a crowd got from one subject, over some rounds.</summary>
internal sealed record CrowdCount(long Requests, long Wrong, double Seconds, double CpuSeconds)
{
    public static CrowdCount None { get; } = new(0, 0, 0, 0);

    public double PerSecond => Requests / Seconds;

    public double PerCpuSecond => Requests / CpuSeconds;

    public CrowdCount Plus(CrowdCount other) =>
        new(Requests + other.Requests, Wrong + other.Wrong, Seconds + other.Seconds, CpuSeconds + other.CpuSeconds);
}
