using System.Net.Sockets;

namespace FastGate.Proxy.Transport;

/// <summary>
/// A socket error in words, for a log line. .NET words EMFILE (this process has too many open files) as ENFILE ("in
/// system"), which sends its reader after the wrong limit.
/// </summary>
internal static class SocketErrorText
{
    /// <summary>EMFILE: this process is at its limit.</summary>
    public const string NoDescriptor = "this process has no file descriptor left (raise its limit: ulimit -n)";

    /// <summary>ENFILE, ENOMEM, ENOBUFS: the whole system is at a limit.</summary>
    public const string NoRoom = "the system has no open file or memory left for another socket";

    /// <summary>Half a sentence, without a full stop.</summary>
    public static string Of(SocketError error) =>
        error switch
        {
            SocketError.TooManyOpenSockets => NoDescriptor,
            SocketError.NoBufferSpaceAvailable => NoRoom,
            _ => new SocketException((int)error).Message.TrimEnd('.'),
        };

    /// <summary>The same of an exception that may come from a socket.</summary>
    public static string Of(Exception exception) =>
        exception is SocketException failure ? Of(failure.SocketErrorCode) : exception.Message.TrimEnd('.');
}
