using System.Net.Sockets;
using FastGate.Proxy.Transport;

namespace FastGate.Test.Proxy.Transport;

/// <summary>Gives tests access to the socket of a descriptor.</summary>
internal static class DescriptorExtensions
{
    /// <summary>Returns a socket over the descriptor, for its options and its peer; the descriptor keeps
    /// ownership.</summary>
    public static Socket AsSocket(this Descriptor descriptor) =>
        descriptor.Socket ?? new Socket(new SafeSocketHandle(descriptor.Number, ownsHandle: false));
}
