using System.Net.Sockets;

namespace FastGate.Proxy.Transport;

/// <summary>
/// Socket errors in words, for log lines. .NET describes EMFILE (too many open files in this process) as ENFILE ("in
/// system"), which points readers to the wrong limit.
/// </summary>
internal static class SocketErrorText
{
    /// <summary>EMFILE: this process has reached its limit.</summary>
    public const string NoDescriptor = "this process has no file descriptor left (raise its limit: ulimit -n)";

    /// <summary>ENFILE, ENOMEM, ENOBUFS: the whole system has reached a limit.</summary>
    public const string NoRoom = "the system has no open file or memory left for another socket";

    /// <summary>ECONNREFUSED: the machine responds, but nothing listens on the port.</summary>
    public const string Refused = "connection refused";

    /// <summary>ETIMEDOUT: no response at all.</summary>
    public const string NoResponse = "no response";

    /// <summary>ENETUNREACH, EHOSTUNREACH: no route to the machine.</summary>
    public const string Unreachable = "not reachable";

    /// <summary>Returns the error of a connect in words, without a full stop.</summary>
    public static string OfConnect(SocketError error) =>
        error switch
        {
            SocketError.Success => "connected",
            SocketError.ConnectionRefused => Refused,
            SocketError.TimedOut => NoResponse,
            SocketError.HostUnreachable or SocketError.NetworkUnreachable => Unreachable,
            SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable => Of(error),
            _ => error.ToString(),
        };

    /// <summary>Returns part of a sentence, without a full stop.</summary>
    public static string Of(SocketError error) =>
        error switch
        {
            SocketError.TooManyOpenSockets => NoDescriptor,
            SocketError.NoBufferSpaceAvailable => NoRoom,
            _ => new SocketException((int)error).Message.TrimEnd('.'),
        };

    /// <summary>Returns the same for an exception that may come from a socket.</summary>
    public static string Of(Exception exception) =>
        exception is SocketException failure ? Of(failure.SocketErrorCode) : exception.Message.TrimEnd('.');
}
