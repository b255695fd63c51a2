using System.Net.Sockets;
using FastGate.Proxy.Transport;

namespace FastGate.Test.Proxy.Transport;

/// <summary>How a test looks at what the program holds.</summary>
internal static class DescriptorExtensions
{
    /// <summary>The same socket to ask for its options and its peer; the descriptor still owns it.</summary>
    public static Socket AsSocket(this Descriptor descriptor) =>
        descriptor.Socket ?? new Socket(new SafeSocketHandle(descriptor.Number, ownsHandle: false));
}
