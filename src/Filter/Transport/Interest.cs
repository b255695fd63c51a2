namespace FastGate.Transport;

/// <summary>What a loop wants to be told about a socket. Hang-ups are told without being asked for.</summary>
[Flags]
internal enum Interest
{
    None = 0,
    Read = 1,
    Write = 2,
}
