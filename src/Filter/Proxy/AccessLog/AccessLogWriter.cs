using Microsoft.Extensions.Logging;

namespace FastGate.Proxy.AccessLog;

/// <summary>
/// The access log: lines are put into one of two buffers by any thread, and a thread of its own writes the other one
/// out.
/// </summary>
/// <remarks>
/// A caller never waits for the sink. If the sink is slow or fails, its buffer is kept and offered again, the other one
/// fills, and then lines are dropped, counted, and said in the place where they are missing. Steady state allocates
/// nothing.
/// </remarks>
internal sealed partial class AccessLogWriter : IAsyncDisposable
{
    private readonly Stream _sink;
    private readonly ILogger _logger;
    private readonly AccessLogOptions _options;
    private readonly TimeProvider _time;

    private readonly Lock _gate = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly AutoResetEvent _hurry = new(false);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Guarded by the lock.
    private LineBuffer _filling;
    private List<TaskCompletionSource<bool>>? _flushes;
    private long _dropped;
    private long _droppedUnsaid;
    private bool _stopping;
    private bool _asleep;

    // The log's own thread only.
    private LineBuffer _draining;
    private bool _hadLines;
    private bool _failing;

    /// <summary>Starts the log's thread; the log owns <paramref name="sink"/> from here on.</summary>
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

    /// <summary>The file that is written; null when the sink is none.</summary>
    public string? Place => (_sink as LogFile)?.Place;

    /// <summary>How many lines were lost since the start.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>
    /// Opens the log. A file that cannot be opened is no reason to throw: it is reported to <paramref name="logger"/>,
    /// and tried again.
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

    /// <summary>Takes the entry's line, or drops it (false) if there is no room. Any thread; never waits for the
    /// sink.</summary>
    public bool Write(in AccessLogEntry entry)
    {
        lock (_gate)
        {
            if (_stopping || !_filling.HasRoom)
            {
                Interlocked.Increment(ref _dropped);
                _droppedUnsaid++;
                return false;
            }

            bool halfWasFull = _filling.IsHalfFull;
            _filling.Append(entry);

            // Waking the thread costs the caller a system call, and on a busy machine its turn: only the first line
            // after a silence does, and the one from which on waiting longer could cost lines.
            if (_asleep)
                _wake.Set();
            else if (_filling.IsHalfFull && !halfWasFull)
                _hurry.Set();
            _asleep = false;
            return true;
        }
    }

    /// <summary>
    /// Completes when the sink has all lines that were taken before (true), or has refused them once more (false).
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
            _hurry.Set();
            return flush.Task;
        }
    }

    /// <summary>Writes out what there is, closes the sink, and ends the thread; gives up on a sink that
    /// hangs.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (!_stopping)
            {
                _stopping = true;
                _wake.Set();
                _hurry.Set();
            }
        }

        try
        {
            await _ended.Task.WaitAsync(_options.Stop, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // A full pipe without a reader, a network disk that is gone: nothing that a stop may wait for.
            Log.Hung(_logger, _options.Stop.TotalSeconds);
        }
    }

    private void Run()
    {
        // Once before the first line, so that a file that cannot be opened is reported at the start.
        bool goOn = Drain();
        while (goOn)
        {
            if (_draining.Written.IsEmpty)
            {
                if (FallsAsleep())
                    _wake.WaitOne();
                _hurry.WaitOne(_options.Gather);
            }
            else
            {
                _hurry.WaitOne(_options.Retry);
            }

            goOn = Drain();
        }

        End();
    }

    /// <summary>True after a look that found no line; from then on the next line wakes the thread.</summary>
    private bool FallsAsleep()
    {
        lock (_gate)
            return _asleep = !_hadLines && _filling.Lines == 0 && _flushes is null && !_stopping;
    }

    /// <summary>One attempt to write out what there is; false when the log was told to stop.</summary>
    private bool Drain()
    {
        List<TaskCompletionSource<bool>>? asked;
        bool last;
        lock (_gate)
        {
            last = _stopping;
            asked = _flushes;
            _flushes = null;
        }

        _hadLines = !_draining.Written.IsEmpty;
        // What was refused before goes first.
        bool written = _draining.Written.IsEmpty || TryWriteOut();
        if (written)
        {
            Swap();
            _hadLines |= !_draining.Written.IsEmpty;
            written = TryWriteOut();
        }

        for (int n = 0; n < asked?.Count; n++)
            asked[n].SetResult(written);
        return !last;
    }

    private void Swap()
    {
        long unsaid;
        lock (_gate)
        {
            (_filling, _draining) = (_draining, _filling);
            unsaid = _droppedUnsaid;
            _droppedUnsaid = 0;
        }

        // The lines were dropped because this buffer was full, so they are missing right behind it.
        if (unsaid > 0)
            _draining.AppendDropped(_time.GetUtcNow(), unsaid);
    }

    private bool TryWriteOut()
    {
        try
        {
            if (!_draining.Written.IsEmpty)
                _sink.Write(_draining.Written);
            _sink.Flush();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // A full disk, a missing right, a file system that is gone: it comes back, or the lines are dropped. What
            // else a path can bring (a device that cannot be cut) is no better reason to end the process.
            if (!_failing)
                Log.Failing(_logger, Reason(e));
            _failing = true;
            return false;
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

            // Nobody sets them any more: the log is stopping.
            _wake.Dispose();
            _hurry.Dispose();
        }

        try
        {
            _sink.Dispose();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Some file systems report a failed write only when the file is closed.
            Log.Failing(_logger, Reason(e));
        }

        _ended.SetResult();
    }

    /// <summary>In one line, with the path: a missing right or a full disk is no fault of the program, and needs no
    /// stack trace.</summary>
    private static string Reason(Exception failure) =>
        failure is IOException or UnauthorizedAccessException
            ? failure.Message.ReplaceLineEndings(" ").TrimEnd('.')
            : $"{failure.GetType().Name}: {failure.Message.ReplaceLineEndings(" ").TrimEnd('.')}";
}
