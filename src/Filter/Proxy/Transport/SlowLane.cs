using System.Diagnostics;

namespace FastGate.Proxy.Transport;

/// <summary>
/// The readers of one loop that exceed their share. Together they get a fixed part of the loop's time, after every
/// other socket, so that any number of them delays the others no more than one does. Belongs to the loop's thread.
/// </summary>
/// <remarks>
/// A loop with 256 connections that always have more would otherwise serve all of them before it serves any other
/// again. The budget also leaves processor time to Ollama, since unlimited reads would take all of it. The clock is the
/// system's, like that of the loop's own wait: a test's clock moves neither.
/// </remarks>
internal sealed class SlowLane
{
    /// <summary>Reads per <see cref="Interval"/> for all of them together: about 15 µs of refusals, or 80 µs of the
    /// costliest reads.</summary>
    internal const int CreditPerInterval = 16;

    /// <summary>The number of received bytes that cost as much as a read.</summary>
    internal const int BytesPerCredit = 4096;

    /// <summary>The shortest wait that every backend supports.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(1);

    private readonly Queue<Action> _waiting = [];
    private int _credit;
    private long _renewedAt;

    /// <summary>How long the loop may wait for its sockets; -1 without a limit.</summary>
    public int WaitMilliseconds => _waiting.Count == 0 ? -1 : (int)Interval.TotalMilliseconds;

    /// <summary>Whether credit is left for the next read.</summary>
    public bool HasCredit => _credit > 0;

    /// <summary>Spends the credit of one read.</summary>
    /// <returns>False if no credit is left; the reader then queues.</returns>
    public bool TrySpend()
    {
        Renew();
        if (_credit <= 0)
            return false;
        _credit--;
        return true;
    }

    /// <summary>Charges received bytes, possibly beyond the credit left.</summary>
    public void Charge(int bytes) => _credit -= bytes / BytesPerCredit;

    /// <summary>Charges a new connection: opening, reading, answering and closing it takes about 50 µs. The credit of
    /// an <see cref="Interval"/> pays for two.</summary>
    public void ChargeConnection() => _credit -= CreditPerInterval / 2;

    /// <summary>Calls <paramref name="turn"/> once when there is credit again, after those already queued.</summary>
    public void Queue(Action turn) => _waiting.Enqueue(turn);

    /// <summary>Runs queued readers while there is credit. The loop calls it after serving every other
    /// socket.</summary>
    /// <param name="run">Runs one reader's turn and catches its exceptions.</param>
    public void Turn(Action<Action> run)
    {
        if (_waiting.Count == 0)
            return;
        Renew();
        // Only the readers queued now: one that queues again comes after the sockets.
        for (int left = _waiting.Count; left > 0 && _credit > 0 && _waiting.TryDequeue(out Action? turn); left--)
            run(turn);
    }

    private void Renew()
    {
        long now = Stopwatch.GetTimestamp();
        if (Stopwatch.GetElapsedTime(_renewedAt, now) < Interval)
            return;
        _renewedAt = now;
        // An overdraft is paid back first.
        _credit = Math.Min(_credit, 0) + CreditPerInterval;
    }
}
