using System.Net;
using System.Net.Sockets;
using FastGate.Proxy.Listening;

namespace FastGate.Proxy.Gate;

/// <summary>A bound address and its accept loop.</summary>
/// <param name="Point">What it was bound for.</param>
/// <param name="EndPoint">The address as the system has it.</param>
/// <param name="Socket">The listening socket; the accept loop closes it.</param>
/// <param name="AcceptLoop">Accepts its connections.</param>
/// <param name="Accepting">Completes when the accept loop has ended.</param>
internal sealed record Binding(
    ListenPoint Point,
    IPEndPoint EndPoint,
    Socket Socket,
    AcceptLoop AcceptLoop,
    Task Accepting
)
{
    /// <summary>The peers that may connect, as last set on the accept loop.</summary>
    public required IReadOnlyList<AddressRange> From { get; set; }

    /// <summary>False if the socket ended by itself; the next poll binds it again.</summary>
    public bool IsOpen => !Accepting.IsCompleted;
}

/// <summary>A listener's address cannot be bound; the message has the reason and what to do.</summary>
internal sealed class BindException(string message) : Exception(message);
