namespace FastGate.Test.Faults;

/// <summary>One kind of system call, on one side of the gate.</summary>
public enum SocketCall
{
    Accept,
    Connect,
    ReceiveFromClient,
    SendToClient,
    ReceiveFromUpstream,
    SendToUpstream,
}
