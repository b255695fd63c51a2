using Microsoft.Extensions.Logging;

namespace FastGate.Proxy.AccessLog;

/// <summary>What the writer logs.</summary>
internal sealed partial class AccessLogWriter
{
    private static partial class Log
    {
        [LoggerMessage(
            400,
            LogLevel.Warning,
            "The access log cannot be written: {Reason}. Lines are kept while there is room, then "
                + "dropped; writing is retried."
        )]
        public static partial void Failing(ILogger logger, string reason);

        [LoggerMessage(
            401,
            LogLevel.Information,
            "The access log is written again. Lines dropped since the start: {Dropped}."
        )]
        public static partial void Recovered(ILogger logger, long dropped);

        [LoggerMessage(402, LogLevel.Warning, "The access log ended with {Lost} lines that could not be written.")]
        public static partial void Lost(ILogger logger, int lost);

        [LoggerMessage(
            404,
            LogLevel.Warning,
            "Another gate writes {Path}, so this one writes {Other}. To read it: fastgate logs "
                + "--access-log {Again}. To choose its name: \"accessLog\"."
        )]
        public static partial void Moved(ILogger logger, string path, string other, string again);

        [LoggerMessage(403, LogLevel.Warning, "The access log was given up: its sink did not answer for {Seconds} s.")]
        public static partial void Hung(ILogger logger, double seconds);
    }
}
