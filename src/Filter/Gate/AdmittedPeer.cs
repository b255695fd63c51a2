using System.Net;
using FastGate.Metrics;
using FastGate.Transport;

namespace FastGate.Gate;

/// <summary>A peer that was let in with one connection: its place under the limits is given back once, by the loop that served it.</summary>
internal sealed class AdmittedPeer(Admission admission, VisitTally visits, Loop accepting, IPAddress peer)
{
    // An IPv6 address with the number of an interface.
    private const int TextBytesMax = 65;

    /// <summary>The peer's address as text, for the log.</summary>
    public byte[] ToText()
    {
        Span<byte> text = stackalloc byte[TextBytesMax];
        peer.TryFormat(text, out int length);
        return text[..length].ToArray();
    }

    /// <summary>Gives it back; a place that is kept is one that the gate has less for ever.</summary>
    /// <param name="serving">The loop that calls.</param>
    public void Leave(Loop serving)
    {
        if (serving == accepting) Leave();
        else accepting.Post(Leave);
    }

    private void Leave()
    {
        admission.Leave(peer);
        visits.End();
    }
}
