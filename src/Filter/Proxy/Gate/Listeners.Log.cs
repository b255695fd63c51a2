using System.Net;
using FastGate.Proxy.Listening;
using Microsoft.Extensions.Logging;

namespace FastGate.Proxy.Gate;

/// <summary>What listeners log.</summary>
internal sealed partial class Listeners
{
    private static partial class Log
    {
        [LoggerMessage(320, LogLevel.Information, "Listening on {EndPoint} with {Rules} rules.")]
        public static partial void Listens(ILogger logger, IPEndPoint endPoint, int rules);

        [LoggerMessage(
            321,
            LogLevel.Warning,
            "There is no address for {Listen} yet: waiting for it{Hint}. To try the gate at once: "
                + "fastgate demo, or --listen 127.0.0.1:11435."
        )]
        public static partial void Waits(ILogger logger, ListenAddress listen, string hint);

        [LoggerMessage(
            329,
            LogLevel.Warning,
            "There is no address for {Listen} any more: waiting until one is back{Hint}."
        )]
        public static partial void WaitsAgain(ILogger logger, ListenAddress listen, string hint);

        [LoggerMessage(322, LogLevel.Error, "Cannot listen on {EndPoint}: {Reason}. It is tried again until it works.")]
        public static partial void NotBound(ILogger logger, IPEndPoint endPoint, string reason);

        [LoggerMessage(
            324,
            LogLevel.Information,
            "{EndPoint} cannot be bound yet: the system still asks whether another machine has this new "
                + "address. It is tried again until it "
                + "works; if that takes longer than some seconds, another machine has it (ip -6 address, "
                + "ifconfig: dadfailed, duplicated)."
        )]
        public static partial void TooEarly(ILogger logger, IPEndPoint endPoint);

        [LoggerMessage(
            325,
            LogLevel.Warning,
            "No longer listening on {EndPoint}: {Listen} has lost that address. Open connections go on."
        )]
        public static partial void Dropped(ILogger logger, IPEndPoint endPoint, ListenAddress listen);

        [LoggerMessage(
            326,
            LogLevel.Warning,
            "The network interfaces cannot be read: {Reason}. What is bound stays; they are read again until it works."
        )]
        public static partial void Unreadable(ILogger logger, string reason);
    }
}
