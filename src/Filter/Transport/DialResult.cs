using System.Net.Sockets;

namespace FastGate.Transport;

/// <summary>What became of a <see cref="Dial"/>: a stream over the connected socket, or why there is none.</summary>
/// <param name="Stream">Owns its socket; null if there is no connection.</param>
/// <param name="Failure">What the system said; <see cref="SocketError.Success"/> if there is one.</param>
internal readonly record struct DialResult(NetworkStream? Stream, SocketError Failure)
{
    /// <summary>Somebody is there who does not listen, which is an answer as well.</summary>
    public bool IsRefused => Failure == SocketError.ConnectionRefused;

    /// <summary>In words.</summary>
    public string Reason => Failure switch
    {
        SocketError.Success => "connected",
        SocketError.ConnectionRefused => "connection refused",
        SocketError.TimedOut => "no answer",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable => "not reachable",
        _ => Failure.ToString(),
    };
}
