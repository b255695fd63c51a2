using Microsoft.Extensions.Logging;

namespace FastGate.Proxy.AccessLog;

/// <summary>The writer's messages in the operational log.</summary>
internal sealed partial class AccessLogWriter
{
    private static partial class Log
    {
        [LoggerMessage(
            400,
            LogLevel.Warning,
            "Writing the access log failed: {Reason}. Retrying; lines are buffered, and dropped when the buffer is "
                + "full."
        )]
        public static partial void Failing(ILogger logger, string reason);

        [LoggerMessage(
            401,
            LogLevel.Information,
            "Writing the access log works again. Lines dropped since the start: {Dropped}."
        )]
        public static partial void Recovered(ILogger logger, long dropped);

        [LoggerMessage(402, LogLevel.Warning, "Closed the access log; {Lost} lines could not be written.")]
        public static partial void Lost(ILogger logger, int lost);

        [LoggerMessage(
            404,
            LogLevel.Warning,
            "Another gate writes {Path}, so this one writes {Other}. To read it, run fastgate logs "
                + "--access-log {Again}; to choose another name, set \"accessLog\"."
        )]
        public static partial void Moved(ILogger logger, string path, string other, string again);

        [LoggerMessage(
            405,
            LogLevel.Warning,
            "Writing the access log has been stuck for more than {Seconds} s, as in a full pipe that no program reads. "
                + "Lines are dropped and counted."
        )]
        public static partial void Stuck(ILogger logger, double seconds);

        [LoggerMessage(
            403,
            LogLevel.Warning,
            "Closing the access log timed out: a write has been pending for {Seconds} s."
        )]
        public static partial void Hung(ILogger logger, double seconds);
    }
}
