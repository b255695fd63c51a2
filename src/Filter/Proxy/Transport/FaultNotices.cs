using Microsoft.Extensions.Logging;

namespace FastGate.Proxy.Transport;

/// <summary>
/// Logs unexpected exceptions at a limited rate: each has a stack trace, and a client that can cause one can cause
/// thousands. Belongs to the loop's thread.
/// </summary>
internal sealed partial class FaultNotices
{
    /// <summary>The number logged per <see cref="Period"/>; the rest are only counted.</summary>
    internal const int PerPeriod = 16;

    internal static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly Deadline _end;
    private readonly ILogger _log;
    private int _logged;
    private long _suppressed;

    public FaultNotices(Loop loop, ILogger log)
    {
        _log = log;
        _end = loop.CreateDeadline(EndPeriod);
    }

    public void Report(Exception exception)
    {
        if (_logged == 0)
            _end.Set(Period);
        if (_logged == PerPeriod)
        {
            _suppressed++;
            return;
        }
        _logged++;
        Log.Unexpected(_log, exception);
    }

    private void EndPeriod()
    {
        if (_suppressed > 0)
            Log.Suppressed(_log, _suppressed);
        _logged = 0;
        _suppressed = 0;
    }

    private static partial class Log
    {
        [LoggerMessage(100, LogLevel.Error, "An unexpected error closed one connection; the others are unaffected.")]
        public static partial void Unexpected(ILogger logger, Exception exception);

        [LoggerMessage(
            102,
            LogLevel.Error,
            "{Count} more unexpected errors in the last minute; their details were not logged."
        )]
        public static partial void Suppressed(ILogger logger, long count);
    }
}
