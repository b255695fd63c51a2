using System.Net.Sockets;

namespace FastGate.Test.Faults;

/// <summary>What goes wrong: the n-th call of a kind gives an error, throws, or does less than it was asked
/// to.</summary>
/// <param name="Call">The kind of call.</param>
/// <param name="Error">What it gives; <see cref="SocketError.Success"/> for a short one.</param>
/// <param name="Throws">It throws what nobody foresees instead.</param>
internal sealed record Anomaly(SocketCall Call, SocketError Error, bool Throws = false)
{
    /// <summary>Only a delay, so that nobody may notice.</summary>
    public bool IsHarmless => !Throws && Error is SocketError.Success or SocketError.WouldBlock;

    public bool IsShort => !Throws && Error == SocketError.Success;

    public override string ToString() => $"{Call} {(Throws ? "throws" : IsShort ? "is short" : Error)}";
}
