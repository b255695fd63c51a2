using Microsoft.Extensions.Logging;

namespace FastGate.Proxy.AccessLog;

/// <summary>
/// Writes the access log: any thread adds lines to one of two buffers, and a dedicated thread writes the other one.
/// </summary>
/// <remarks>
/// A caller never waits for the sink. If the sink is slow or fails, the write is retried while the other buffer fills;
/// then lines are dropped and counted, and the count is written where they are missing. Steady state allocates nothing.
/// </remarks>
internal sealed partial class AccessLogWriter : IAsyncDisposable
{
    private readonly Stream _sink;
    private readonly ILogger _logger;
    private readonly AccessLogOptions _options;
    private readonly TimeProvider _time;

    private readonly Lock _gate = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly AutoResetEvent _flushNow = new(false);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Guarded by the lock.
    private LineBuffer _filling;
    private List<TaskCompletionSource<bool>>? _flushes;
    private long _dropped;
    private long _droppedUnreported;
    private bool _stopping;
    private bool _asleep;
    private long _stuckReported;

    // Used only by the log's thread.
    private LineBuffer _draining;
    private bool _hadLines;
    private bool _failing;

    // The timestamp of the write in progress, or zero. Written by the log's thread only.
    private long _writeStarted;

    /// <summary>Starts the log's thread, and takes ownership of <paramref name="sink"/>.</summary>
    public AccessLogWriter(Stream sink, ILogger logger, AccessLogOptions options, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BufferBytes, 2 * LineWriter.LineBytesMax);
        _sink = sink;
        _logger = logger;
        _options = options;
        _time = time;
        _filling = new LineBuffer(options.BufferBytes);
        _draining = new LineBuffer(options.BufferBytes);
        new Thread(Run) { IsBackground = true, Name = "access log" }.Start();
    }

    /// <summary>The path of the log file; null if the sink is not a file.</summary>
    public string? FilePath => (_sink as LogFile)?.FilePath;

    /// <summary>The number of lines lost since the start.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>
    /// Opens the log. If the file cannot be opened, this is reported to <paramref name="logger"/>, and retried.
    /// </summary>
    /// <param name="path">A file, or "-" for standard output.</param>
    public static AccessLogWriter Open(string path, ILogger logger, AccessLogOptions? options = null)
    {
        options ??= new AccessLogOptions();
        Stream sink =
            path == "-"
                ? Console.OpenStandardOutput()
                : new LogFile(
                    path,
                    options.FileBytesMax,
                    options.RotatedFilesMax,
                    other => Log.Moved(logger, path, other, other)
                );
        return new AccessLogWriter(sink, logger, options, TimeProvider.System);
    }

    /// <summary>Adds a line, or drops it and returns false if the buffer is full. Any thread may call it; it never
    /// waits for the sink.</summary>
    public bool Write(in AccessLogEntry entry)
    {
        bool isStuck;
        lock (_gate)
        {
            if (!_stopping && _filling.HasRoom)
            {
                bool halfWasFull = _filling.IsHalfFull;
                _filling.Append(entry);

                // Waking the thread costs the caller a system call, and on a busy machine its time slice. So only the
                // first line after a pause wakes it, and the line that fills half of the buffer.
                if (_asleep)
                    _wake.Set();
                else if (_filling.IsHalfFull && !halfWasFull)
                    _flushNow.Set();
                _asleep = false;
                return true;
            }

            Interlocked.Increment(ref _dropped);
            _droppedUnreported++;
            isStuck = IsNewlyStuck();
        }

        // The log's thread cannot report that its own write is stuck.
        if (isStuck)
            Log.Stuck(_logger, _options.StuckAfter.TotalSeconds);
        return false;
    }

    // True once for each write.
    private bool IsNewlyStuck()
    {
        long write = Interlocked.Read(ref _writeStarted);
        if (write == 0 || write == _stuckReported || _time.GetElapsedTime(write) < _options.StuckAfter)
            return false;
        _stuckReported = write;
        return true;
    }

    /// <summary>
    /// Completes with true when the sink has all lines added before, or with false when writing them failed again.
    /// </summary>
    public Task<bool> FlushAsync()
    {
        lock (_gate)
        {
            if (_stopping)
                return Task.FromResult(false);
            TaskCompletionSource<bool> flush = new(TaskCreationOptions.RunContinuationsAsynchronously);
            (_flushes ??= []).Add(flush);
            _wake.Set();
            _flushNow.Set();
            return flush.Task;
        }
    }

    /// <summary>Writes the remaining lines, closes the sink and ends the thread, within the stop timeout.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (!_stopping)
            {
                _stopping = true;
                _wake.Set();
                _flushNow.Set();
            }
        }

        try
        {
            await _ended.Task.WaitAsync(_options.StopTimeout, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Such as a full pipe without a reader, or an unreachable network disk.
            Log.Hung(_logger, _options.StopTimeout.TotalSeconds);
        }
    }

    private void Run()
    {
        // Before the first line, so that a file that cannot be opened is reported at the start.
        bool isRunning = Drain();
        while (isRunning)
        {
            if (_draining.Written.IsEmpty)
            {
                if (TryFallAsleep())
                    _wake.WaitOne();
                _flushNow.WaitOne(_options.FlushInterval);
            }
            else
            {
                _flushNow.WaitOne(_options.RetryDelay);
            }

            isRunning = Drain();
        }

        End();
    }

    /// <summary>Returns true if it has nothing to do, so that the next line wakes the thread.</summary>
    private bool TryFallAsleep()
    {
        lock (_gate)
            return _asleep = !_hadLines && _filling.Lines == 0 && _flushes is null && !_stopping;
    }

    /// <summary>Tries once to write all lines. Returns false if the log is stopping.</summary>
    private bool Drain()
    {
        List<TaskCompletionSource<bool>>? flushes;
        bool isLast;
        lock (_gate)
        {
            isLast = _stopping;
            flushes = _flushes;
            _flushes = null;
        }

        _hadLines = !_draining.Written.IsEmpty;
        // First the lines of a failed write.
        bool written = _draining.Written.IsEmpty || TryWriteOut();
        if (written)
        {
            Swap();
            _hadLines |= !_draining.Written.IsEmpty;
            written = TryWriteOut();
        }

        for (int n = 0; n < flushes?.Count; n++)
            flushes[n].SetResult(written);
        return !isLast;
    }

    private void Swap()
    {
        long dropped;
        lock (_gate)
        {
            (_filling, _draining) = (_draining, _filling);
            dropped = _droppedUnreported;
            _droppedUnreported = 0;
        }

        // The lines were dropped because this buffer was full, so they are missing at its end.
        if (dropped > 0)
            _draining.AppendDropped(_time.GetUtcNow(), dropped);
    }

    private bool TryWriteOut()
    {
        Interlocked.Exchange(ref _writeStarted, _time.GetTimestamp());
        try
        {
            if (!_draining.Written.IsEmpty)
                _sink.Write(_draining.Written);
            _sink.Flush();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A full disk, a missing permission, an unmounted file system: retried, and lines are dropped meanwhile. No
            // failure of the log ends the process.
            if (!_failing)
                Log.Failing(_logger, Reason(exception));
            _failing = true;
            return false;
        }
        finally
        {
            Interlocked.Exchange(ref _writeStarted, 0);
        }

        _draining.Clear();
        if (_failing)
            Log.Recovered(_logger, Dropped);
        _failing = false;
        return true;
    }

    private void End()
    {
        lock (_gate)
        {
            int lost = _draining.Lines + _filling.Lines;
            if (lost > 0)
                Log.Lost(_logger, lost);
            Interlocked.Add(ref _dropped, lost);

            // No longer used, since the log is stopping.
            _wake.Dispose();
            _flushNow.Dispose();
        }

        try
        {
            _sink.Dispose();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Some file systems report a failed write only when the file is closed.
            Log.Failing(_logger, Reason(exception));
        }

        _ended.SetResult();
    }

    /// <summary>One line, with the path: a missing permission or a full disk is not a bug, and needs no stack
    /// trace.</summary>
    private static string Reason(Exception exception) =>
        exception is IOException or UnauthorizedAccessException
            ? exception.Message.ReplaceLineEndings(" ").TrimEnd('.')
            : $"{exception.GetType().Name}: {exception.Message.ReplaceLineEndings(" ").TrimEnd('.')}";
}
