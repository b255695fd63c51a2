using Microsoft.Extensions.Logging;

namespace FastGate.Proxy.Transport;

/// <summary>
/// Logs unforeseen exceptions, and few of them: each has a stack trace, and whoever finds a way to cause one can cause
/// thousands. Belongs to the loop's thread.
/// </summary>
internal sealed partial class FaultNotices
{
    /// <summary>As many are logged in a <see cref="Period"/>; the rest is counted.</summary>
    internal const int PerPeriod = 16;

    internal static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly Deadline end;
    private readonly ILogger log;
    private int logged;
    private long untold;

    public FaultNotices(Loop loop, ILogger log)
    {
        this.log = log;
        end = loop.CreateDeadline(EndPeriod);
    }

    public void Tell(Exception exception)
    {
        if (logged == 0) end.Set(Period);
        if (logged == PerPeriod)
        {
            untold++;
            return;
        }
        logged++;
        Log.Unexpected(log, exception);
    }

    private void EndPeriod()
    {
        if (untold > 0) Log.Untold(log, untold);
        logged = 0;
        untold = 0;
    }

    private static partial class Log
    {
        [LoggerMessage(100, LogLevel.Error, "An unexpected error closed one connection; the others are unaffected.")]
        public static partial void Unexpected(ILogger logger, Exception exception);

        [LoggerMessage(102, LogLevel.Error, "{Count} more unexpected errors in the last minute; their details were not logged.")]
        public static partial void Untold(ILogger logger, long count);
    }
}
