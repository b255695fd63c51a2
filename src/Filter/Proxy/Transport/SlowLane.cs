using System.Diagnostics;

namespace FastGate.Proxy.Transport;

/// <summary>
/// The readers of one loop that ask for more than their share: together they get a fixed part of the loop's time, and
/// only after every other socket, so that any number of them delays the others no more than one does. Belongs to the
/// loop's thread.
/// </summary>
/// <remarks>
/// A loop with 256 connections that never run dry would otherwise serve all of them before it looks at anybody else
/// again. The budget also leaves the processor to Ollama: reads that nobody limits would take all of it. The clock is
/// the system's, as that of the loop's own wait is: a test's clock moves neither.
/// </remarks>
internal sealed class SlowLane
{
    /// <summary>What all of them get in an <see cref="Interval"/>: about 15 µs of refusals, or 80 µs of the
    /// costliest.</summary>
    internal const int CreditPerInterval = 16;

    /// <summary>Received bytes that cost as much as a read.</summary>
    internal const int BytesPerCredit = 4096;

    /// <summary>The shortest time that every backend can wait.</summary>
    internal static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(1);

    private readonly Queue<Action> _waiting = [];
    private int _credit;
    private long _renewedAt;

    /// <summary>How long the loop may wait for its sockets.</summary>
    public int WaitMilliseconds => _waiting.Count == 0 ? -1 : (int)Interval.TotalMilliseconds;

    /// <summary>The next read is paid for.</summary>
    public bool HasCredit => _credit > 0;

    /// <summary>Spends the credit of one read.</summary>
    /// <returns>False when there is none left; the reader then queues.</returns>
    public bool TrySpend()
    {
        Renew();
        if (_credit <= 0)
            return false;
        _credit--;
        return true;
    }

    /// <summary>Charges received bytes, also beyond the credit that is left.</summary>
    public void Charge(int bytes) => _credit -= bytes / BytesPerCredit;

    /// <summary>Charges a new connection: it is opened, read, answered and closed in some 50 µs, as long as the credit
    /// of an <see cref="Interval"/> lasts.</summary>
    public void ChargeConnection() => _credit -= CreditPerInterval;

    /// <summary>Calls <paramref name="turn"/> once when there is credit again, behind those that queue
    /// already.</summary>
    public void Queue(Action turn) => _waiting.Enqueue(turn);

    /// <summary>Lets those go on for whom there is credit; the loop calls it after every other socket was
    /// served.</summary>
    /// <param name="run">Runs one of them, and lets none of its exceptions out.</param>
    public void Turn(Action<Action> run)
    {
        if (_waiting.Count == 0)
            return;
        Renew();
        // Only those that queue now: one that queues again comes after the sockets.
        for (int left = _waiting.Count; left > 0 && _credit > 0 && _waiting.TryDequeue(out Action? turn); left--)
            run(turn);
    }

    private void Renew()
    {
        long now = Stopwatch.GetTimestamp();
        if (Stopwatch.GetElapsedTime(_renewedAt, now) < Interval)
            return;
        _renewedAt = now;
        // What was overdrawn is paid back first.
        _credit = Math.Min(_credit, 0) + CreditPerInterval;
    }
}
