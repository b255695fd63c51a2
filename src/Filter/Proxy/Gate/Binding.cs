using System.Net;
using FastGate.Proxy.Listening;

namespace FastGate.Proxy.Gate;

/// <summary>A bound address and the doorway behind it.</summary>
/// <param name="Point">What it was bound for.</param>
/// <param name="EndPoint">The address as the system has it.</param>
/// <param name="Doorway">Takes its connections.</param>
/// <param name="Accepting">Ends with the doorway.</param>
internal sealed record Binding(ListenPoint Point, IPEndPoint EndPoint, AcceptLoop Doorway, Task Accepting)
{
    /// <summary>Who may connect, as the doorway was told last.</summary>
    public required IReadOnlyList<AddressRange> From { get; set; }

    /// <summary>False when the socket has ended by itself: then it is bound anew at the next look.</summary>
    public bool IsOpen => !Accepting.IsCompleted;
}

/// <summary>A listener's address cannot be bound; the message says why and what to do.</summary>
internal sealed class BindException(string message) : Exception(message);
