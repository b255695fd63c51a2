namespace FastGate.Proxy.Metrics;

/// <summary>
/// The last hour of a gate in steps of fixed length and in fixed memory. It has no timer: a step is closed by the first
/// exchange that ends after it, or when it is read. Any thread may call it; no loop waits for it.
/// </summary>
internal sealed class History
{
    public const int StepSeconds = 10;

    /// <summary>The number of steps that are kept.</summary>
    public const int Steps = 360;

    // More than a clock is corrected by, less than a machine sleeps.
    private static readonly TimeSpan SleepMin = TimeSpan.FromSeconds(StepSeconds);

    private readonly IReadOnlyList<Tally> _tallies;
    private readonly IReadOnlyList<bool> _isRefusal;
    private readonly TimeProvider _time;
    private readonly long _stepLength;
    private readonly Lock _lock = new();

    // NaN where a value does not exist. The oldest step is at _next.
    private readonly double[] _requests = NewRow();
    private readonly double[] _refused = NewRow();
    private readonly double[] _firstByte = NewRow();
    private int _next;

    // What was counted when the current step began.
    private long _requestsBefore;
    private long _refusedBefore;
    private HistogramReading _timesBefore = new();
    private HistogramReading _times = new();

    // The beginning of the current step, and its end, as timestamps of the clock.
    private long _begin;
    private long _end;
    private DateTimeOffset _beginAt;

    /// <param name="tallies">What the loops count.</param>
    /// <param name="isRefusal">Whether a verdict is a refusal, by its number.</param>
    /// <param name="time">The clock of the loops.</param>
    public History(IReadOnlyList<Tally> tallies, IReadOnlyList<bool> isRefusal, TimeProvider time)
    {
        (_tallies, _isRefusal, _time) = (tallies, isRefusal, time);
        _stepLength = StepSeconds * time.TimestampFrequency;
        _begin = time.GetTimestamp();
        _end = _begin + _stepLength;
        _beginAt = time.GetUtcNow();
    }

    /// <summary>Closes the steps that are over. Called before an exchange is counted; allocates nothing.</summary>
    /// <param name="now">A timestamp of the clock.</param>
    public void Advance(long now)
    {
        // Otherwise another thread is just doing it.
        if (now < Volatile.Read(ref _end) || !_lock.TryEnter())
            return;
        try
        {
            CloseSteps(now);
        }
        finally
        {
            _lock.Exit();
        }
    }

    /// <summary>Returns the steps that are over.</summary>
    public HistorySnapshot Take()
    {
        lock (_lock)
        {
            CloseSteps(_time.GetTimestamp());
            return new HistorySnapshot
            {
                StepSeconds = StepSeconds,
                Until = _beginAt,
                RequestsPerSecond = Ordered(_requests),
                RefusedPerSecond = Ordered(_refused),
                FirstByteP50Seconds = Ordered(_firstByte),
            };
        }
    }

    private static double[] NewRow()
    {
        double[] row = new double[Steps];
        Array.Fill(row, double.NaN);
        return row;
    }

    private void CloseSteps(long now)
    {
        long over = (now - _begin) / _stepLength;
        // Also if another thread was faster.
        if (over <= 0)
            return;
        CloseCounted();
        DateTimeOffset at = _time.GetUtcNow();
        // The clock of timestamps stands still while the machine sleeps.
        TimeSpan slept = at - _beginAt - _time.GetElapsedTime(_begin, now);
        bool hasSlept = slept > SleepMin;
        long others = over - 1 + (hasSlept ? slept.Ticks / TimeSpan.FromSeconds(StepSeconds).Ticks : 0);
        // An exchange would have closed them: they are empty.
        for (long left = long.Min(others, Steps); left > 0; left--)
            Add(hasSlept ? double.NaN : 0, hasSlept ? double.NaN : 0, double.NaN);
        _begin += over * _stepLength;
        _beginAt = at - _time.GetElapsedTime(_begin, now);
        Volatile.Write(ref _end, _begin + _stepLength);
    }

    private void CloseCounted()
    {
        (long requests, long refused) = (0, 0);
        _times.Clear();
        for (int i = 0; i < _tallies.Count; i++)
        {
            _tallies[i].FirstByte.AddTo(_times);
            for (int listener = 0; listener < _tallies[i].Listeners.Count; listener++)
            {
                for (int verdict = 0; verdict < _isRefusal.Count; verdict++)
                {
                    long count = _tallies[i].Listeners[listener].OfVerdict(verdict);
                    requests += count;
                    refused += _isRefusal[verdict] ? count : 0;
                }
            }
        }
        Add(
            (requests - _requestsBefore) / (double)StepSeconds,
            (refused - _refusedBefore) / (double)StepSeconds,
            _times.QuantileSince(_timesBefore, 0.5)
        );
        (_requestsBefore, _refusedBefore) = (requests, refused);
        (_times, _timesBefore) = (_timesBefore, _times);
    }

    private void Add(double requests, double refused, double firstByte)
    {
        _requests[_next] = requests;
        _refused[_next] = refused;
        _firstByte[_next] = firstByte;
        _next = (_next + 1) % Steps;
    }

    private double?[] Ordered(double[] row)
    {
        double?[] ordered = new double?[Steps];
        for (int i = 0; i < Steps; i++)
        {
            double value = row[(_next + i) % Steps];
            ordered[i] = double.IsNaN(value) ? null : value;
        }
        return ordered;
    }
}

/// <summary>The last hour of a gate. The lists have a value for each step, the oldest first.</summary>
internal sealed record HistorySnapshot
{
    public required int StepSeconds { get; init; }

    /// <summary>The end of the last step.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>Completed requests; null where the gate did not run.</summary>
    public required IReadOnlyList<double?> RequestsPerSecond { get; init; }

    /// <summary>Those of them that were refused.</summary>
    public required IReadOnlyList<double?> RefusedPerSecond { get; init; }

    /// <summary>The median time to the first byte of the upstream's response; null where there was no
    /// response.</summary>
    public required IReadOnlyList<double?> FirstByteP50Seconds { get; init; }
}
