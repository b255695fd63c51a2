using FastGate.Bench.Load;

namespace FastGate.Bench.Workloads;

/// <summary>The events of one subject, over some streams.</summary>
internal sealed class TokenCount
{
    public Latencies Delays { get; } = new(2048);

    public int Reads { get; private set; }

    public int Events { get; private set; }

    public void Add(TokenReader reader, int events)
    {
        Delays.Add(reader.Delays);
        Reads += reader.Reads;
        Events += events;
    }
}
