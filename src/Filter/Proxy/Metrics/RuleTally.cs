namespace FastGate.Proxy.Metrics;

/// <summary>Counts the requests that one rule of one listener let through: each loop by itself, any thread
/// reads.</summary>
internal sealed class RuleTally(int loops)
{
    // A cache line each, so that loops do not wait for one another.
    private const int Apart = 8;

    private readonly long[] _cells = new long[loops * Apart];

    public long Count
    {
        get
        {
            long all = 0;
            for (int i = 0; i < _cells.Length; i += Apart)
                all += Cell.Read(ref _cells[i]);
            return all;
        }
    }

    /// <param name="loop">The number of the loop that calls.</param>
    public void Add(int loop) => Cell.Add(ref _cells[loop * Apart], 1);
}
