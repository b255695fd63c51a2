using System.Buffers;
using FastGate.Proxy.Wire;

namespace FastGate.Proxy.Gate;

/// <summary>Writes a request head for the upstream: unchanged except for the value of <c>Host</c>.</summary>
internal static class HeadRewriter
{
    /// <param name="to">The upstream's side.</param>
    /// <param name="request">The scanned head.</param>
    /// <param name="head">Its bytes, up to and including the empty line.</param>
    /// <param name="policy">Provides the new host.</param>
    public static void Write(IBufferWriter<byte> to, in RequestHead request, ReadOnlySpan<byte> head, GatePolicy policy)
    {
        // HTTP/1.0 may omit Host, and Ollama accepts that.
        if (policy.PreserveHost || request.HostLength < 0)
        {
            to.Write(head);
            return;
        }
        ReadOnlySpan<byte> host = policy.UpstreamHost.Span;
        int hostEnd = request.HostStart + request.HostLength;
        Span<byte> written = to.GetSpan(head.Length - request.HostLength + host.Length);
        head[..request.HostStart].CopyTo(written);
        host.CopyTo(written[request.HostStart..]);
        head[hostEnd..].CopyTo(written[(request.HostStart + host.Length)..]);
        to.Advance(head.Length - request.HostLength + host.Length);
    }
}
