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
    internal const int TrialWaits = 2 * WindowWaits;

    /// <summary>The waits whose mean is taken.</summary>
    internal const int WindowWaits = 512;

    /// <summary>The waits between two trials; twice as many after each trial that changes nothing.</summary>
    internal const int IntervalMin = 8 * TrialWaits;

    /// <inheritdoc cref="IntervalMin"/>
    internal const int IntervalMax = 16 * IntervalMin;

    // A trial changes nothing unless the difference is more than chance.
    private const double Better = 0.9;

    // Waits that become so much longer or shorter, twice in a row, show that the processes run elsewhere now.
    private const double Changed = 1.5;

    private bool _isTrial;
    private int _waits;
    private int _windowsLeft = TrialWaits / WindowWaits;
    private int _interval = IntervalMin;
    private int _changes;
    private long _sum;
    private double _usual;

    /// <summary>The coming waits poll.</summary>
    public bool IsPolling { get; private set; }

    /// <summary>Counts a wait.</summary>
    /// <param name="duration">How long it took, in any unit.</param>
    public void Add(long duration)
    {
        _sum += duration;
        if (++_waits == WindowWaits)
            EndWindow();
    }

    private void EndWindow()
    {
        double mean = (double)_sum / WindowWaits;
        (_sum, _waits) = (0, 0);
        _windowsLeft--;
        if (!_isTrial)
            _changes = IsUsual(mean) ? 0 : _changes + 1;
        if (_isTrial && _windowsLeft == 0)
            EndTrial(mean);
        else if (!_isTrial && (_windowsLeft == 0 || _changes == 2))
            BeginTrial(mean);
    }

    private bool IsUsual(double mean) => _usual == 0 || (mean < _usual * Changed && mean * Changed > _usual);

    private void BeginTrial(double mean)
    {
        if (_changes > 0)
            _interval = IntervalMin;
        (_isTrial, _windowsLeft, _changes, _usual) = (true, TrialWaits / WindowWaits, 0, mean);
        IsPolling = !IsPolling;
    }

    private void EndTrial(double mean)
    {
        if (mean < _usual * Better)
        {
            _interval = IntervalMin;
            _usual = mean;
        }
        else
        {
            _interval = Math.Min(_interval * 2, IntervalMax);
            IsPolling = !IsPolling;
        }
        (_isTrial, _windowsLeft) = (false, _interval / WindowWaits);
    }
}
