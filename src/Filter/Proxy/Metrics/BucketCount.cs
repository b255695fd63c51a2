namespace FastGate.Proxy.Metrics;

/// <summary>How many times were no longer than so many seconds.</summary>
internal sealed record BucketCount(double Seconds, long Count);
