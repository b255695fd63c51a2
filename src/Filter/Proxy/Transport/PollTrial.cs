namespace FastGate.Proxy.Transport;

/// <summary>
/// Compares how long waits take with polling and without, again and again, and keeps the better. Which one that is
/// depends on where the system runs the client, the gate and Ollama: with processors of their own, a poll saves two
/// wake-ups; on one processor, it delays the others or drives them to processors where they must be woken.
/// </summary>
internal sealed class PollTrial
{
    /// <summary>The waits of a trial. The system may place the processes anew during the first half; the second is
    /// compared.</summary>
    internal const int TrialWaits = 1024;

    /// <summary>The waits between two trials; twice as many after each trial that changes nothing.</summary>
    internal const int IntervalMin = 8 * TrialWaits;

    /// <inheritdoc cref="IntervalMin"/>
    internal const int IntervalMax = 16 * IntervalMin;

    private const int ComparedWaits = TrialWaits / 2;

    // A trial changes nothing unless the difference is more than chance.
    private const double Better = 0.9;

    private bool _isTrial;
    private int _left = TrialWaits;
    private int _interval = IntervalMin;
    private long _sum;
    private double _meanBefore;

    /// <summary>The coming waits poll.</summary>
    public bool IsPolling { get; private set; }

    /// <summary>Counts a wait.</summary>
    /// <param name="duration">How long it took, in any unit.</param>
    public void Add(long duration)
    {
        if (_left <= ComparedWaits)
            _sum += duration;
        if (--_left == 0)
            Turn();
    }

    private void Turn()
    {
        double mean = (double)_sum / ComparedWaits;
        _sum = 0;
        if (!_isTrial)
        {
            _meanBefore = mean;
            _left = TrialWaits;
            IsPolling = !IsPolling;
        }
        else if (mean < _meanBefore * Better)
        {
            _left = _interval = IntervalMin;
        }
        else
        {
            _left = _interval = Math.Min(_interval * 2, IntervalMax);
            IsPolling = !IsPolling;
        }
        _isTrial = !_isTrial;
    }
}
