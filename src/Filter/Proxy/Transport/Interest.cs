namespace FastGate.Proxy.Transport;

/// <summary>What a loop wants to be told about a socket. Epoll tells hang-ups without being asked.</summary>
[Flags]
internal enum Interest
{
    None = 0,
    Read = 1,
    Write = 2,
}
