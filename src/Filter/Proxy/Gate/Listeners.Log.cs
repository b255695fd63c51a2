using System.Net;
using FastGate.Proxy.Listening;
using Microsoft.Extensions.Logging;

namespace FastGate.Proxy.Gate;

/// <summary>The log messages of listeners.</summary>
internal sealed partial class Listeners
{
    private static partial class Log
    {
        [LoggerMessage(320, LogLevel.Information, "Listening on {EndPoint} with {Rules} rules.")]
        public static partial void Listening(ILogger logger, IPEndPoint endPoint, int rules);

        [LoggerMessage(
            321,
            LogLevel.Warning,
            "There is no address for {Listen} yet{Hint}; waiting for one. To try the gate now, run fastgate demo, "
                + "or use --listen 127.0.0.1:11435."
        )]
        public static partial void Waiting(ILogger logger, ListenAddress listen, string hint);

        [LoggerMessage(329, LogLevel.Warning, "There is no address for {Listen} any more{Hint}; waiting for one.")]
        public static partial void WaitingAgain(ILogger logger, ListenAddress listen, string hint);

        [LoggerMessage(322, LogLevel.Error, "Cannot listen on {EndPoint}: {Reason}. Retrying until it works.")]
        public static partial void NotBound(ILogger logger, IPEndPoint endPoint, string reason);

        [LoggerMessage(
            324,
            LogLevel.Information,
            "{EndPoint} cannot be bound yet: the system is still checking whether another machine has this new "
                + "address. Retrying; if this takes longer than a few seconds, another machine has it "
                + "(\"ip -6 address\" or \"ifconfig\" shows dadfailed or duplicated)."
        )]
        public static partial void TooEarly(ILogger logger, IPEndPoint endPoint);

        [LoggerMessage(
            325,
            LogLevel.Warning,
            "No longer listening on {EndPoint}: {Listen} has lost that address. Open connections stay open."
        )]
        public static partial void Dropped(ILogger logger, IPEndPoint endPoint, ListenAddress listen);

        [LoggerMessage(
            326,
            LogLevel.Warning,
            "The network interfaces cannot be read: {Reason}. Bound addresses stay bound; retrying until it works."
        )]
        public static partial void Unreadable(ILogger logger, string reason);
    }
}
