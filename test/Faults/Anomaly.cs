using System.Net.Sockets;

namespace FastGate.Test.Faults;

/// <summary>An injected fault: the n-th call of a kind fails, throws, or transfers less than requested.</summary>
/// <param name="Call">The kind of call.</param>
/// <param name="Error">The error; <see cref="SocketError.Success"/> for a short transfer.</param>
/// <param name="Throws">Whether the call throws an unexpected exception instead.</param>
internal sealed record Anomaly(SocketCall Call, SocketError Error, bool Throws = false)
{
    /// <summary>Only a delay, which no client may notice.</summary>
    public bool IsHarmless => !Throws && Error is SocketError.Success or SocketError.WouldBlock;

    public bool IsShort => !Throws && Error == SocketError.Success;

    public override string ToString() => $"{Call} {(Throws ? "throws" : IsShort ? "is short" : Error)}";
}

/// <summary>One kind of system call, on one side of the gate.</summary>
public enum SocketCall
{
    Accept,
    Open,
    Connect,
    ReceiveFromClient,
    SendToClient,
    ReceiveFromUpstream,
    SendToUpstream,
}
