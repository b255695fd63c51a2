using System.Net.Sockets;

namespace FastGate.Proxy.Transport;

/// <summary>What became of a <see cref="Dial"/>: a stream over the connected socket, or why there is none.</summary>
/// <param name="Stream">Owns its socket; null if there is no connection.</param>
/// <param name="Failure">What the system said; <see cref="SocketError.Success"/> if there is one.</param>
internal readonly record struct DialResult(NetworkStream? Stream, SocketError Failure)
{
    /// <summary>The reason when the machine is there and nobody listens.</summary>
    public const string Refused = "connection refused";

    /// <summary>The reason when nothing comes back at all.</summary>
    public const string Silent = "no answer";

    /// <summary>The reason when there is no way to it.</summary>
    public const string Unreachable = "not reachable";

    /// <summary>In words.</summary>
    public string Reason =>
        Failure switch
        {
            SocketError.Success => "connected",
            SocketError.ConnectionRefused => Refused,
            SocketError.TimedOut => Silent,
            SocketError.HostUnreachable or SocketError.NetworkUnreachable => Unreachable,
            SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable => SocketErrorText.Of(Failure),
            _ => Failure.ToString(),
        };
}
